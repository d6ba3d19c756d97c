# SPDX-License-Identifier: MIT
"""The map: laying all photos out in two dimensions, and keeping the layout in the library."""
