# SPDX-License-Identifier: MIT
"""What the program knows, in three SQLite databases.

`catalogue.db` holds what cannot be recomputed, `embeddings.db` what costs hours to recompute, and
`thumbnails.db` is a cache. Each store is one class over one connection that belongs to one thread.
"""
