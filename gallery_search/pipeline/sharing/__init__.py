# SPDX-License-Identifier: MIT
"""One owner a library, and the processes that ask it."""
