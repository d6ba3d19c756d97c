# SPDX-License-Identifier: MIT
"""From a network input to an embedding: the backbones, and the engines that run them.

torch defines every network and is imported in child processes only. On a CPU the network is
converted once and runs in OpenVINO, in this process; on a GPU it runs in torch, in a child.
"""
