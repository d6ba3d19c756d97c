# SPDX-License-Identifier: MIT
"""Widgets that know nothing of photos."""
