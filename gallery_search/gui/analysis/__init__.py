# SPDX-License-Identifier: MIT
"""Experiments in the window: which network suits the photos, and a look at the results."""
