# SPDX-License-Identifier: MIT
"""Looking at one photo, as large as the window."""
