# SPDX-License-Identifier: MIT
"""The definitions of the networks in torch: for each family a module with builders.

A builder takes the weights file and returns the torch network in front of which `network.Recipe`
normalises the pixels: float32 (n, 3, h, w) to embeddings (n, d) of any length. Builders raise
BackboneError where the file does not fit; none of them downloads anything or runs code from a
file. All modules here import torch, so only child processes import them.
"""
