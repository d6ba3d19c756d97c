# SPDX-License-Identifier: MIT
"""How fast indexing may go beside whoever uses the computer."""
