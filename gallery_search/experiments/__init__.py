# SPDX-License-Identifier: MIT
"""Questions put to the embeddings: how well photos, edits and kinds find each other.

Edits and perturbations are made with Pillow and judged with numpy; nothing here knows a network.
"""
