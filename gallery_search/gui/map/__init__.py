# SPDX-License-Identifier: MIT
"""The map: all photos laid out by how alike they are, in a window of its own."""
