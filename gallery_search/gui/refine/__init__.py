# SPDX-License-Identifier: MIT
"""Narrowing down what a search found: how similar, and which filters."""
