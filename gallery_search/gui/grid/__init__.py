# SPDX-License-Identifier: MIT
"""The grid of photos, from the ids to the painted tile."""
