# SPDX-License-Identifier: MIT
"""Duplicates: their groups, which photo of each is kept, and what is decided."""
