# SPDX-License-Identifier: MIT
"""Which photos lie in the watched folders, found by looking and by the system's word."""
