# SPDX-License-Identifier: MIT
"""Finding the photos most like one embedding.

`interface.Index` is what the other layers rely on; `annoy_index.AnnoyIndex` is the one
implementation. It answers from two parts and merges them:

    settled     all embeddings up to a revision of the store, in files that `build` wrote once:
                Annoy proposes candidates in a projection, `exact` compares them in full
    fresh tail  every later change, in memory, compared in full

A settled part is never changed: the index remembers which of its rows were replaced or removed
since. `build` runs in a child process; `AnnoyIndex.swap_in` then takes its files over. All files
are a cache that can be deleted.
"""
