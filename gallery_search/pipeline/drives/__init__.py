# SPDX-License-Identifier: MIT
"""Where folders are: drives, shares, and whether they are there."""
