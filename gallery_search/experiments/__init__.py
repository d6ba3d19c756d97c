# SPDX-License-Identifier: MIT
"""Questions put to the embeddings: how well photos, edits and kinds find each other.

`commands` knows the experiments; `neighbours` and `recovery` can be called by anybody. Photos are
read, and their copies made, in `copier` children; what was embedded is kept in parts
(`unfinished`), so that an experiment goes on where it was broken off.
"""
