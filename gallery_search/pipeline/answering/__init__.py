# SPDX-License-Identifier: MIT
"""Queries: read, embedded, combined and answered."""
