# SPDX-License-Identifier: MIT
"""Where embeddings are kept and searched: the shelf, the spaces and their index."""
