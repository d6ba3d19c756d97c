# SPDX-License-Identifier: MIT
"""Asking: what is dropped, pasted or marked becomes a query, alone or with others."""
