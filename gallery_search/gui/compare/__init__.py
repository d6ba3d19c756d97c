# SPDX-License-Identifier: MIT
"""Looking at two to four photos side by side, to choose between them."""
