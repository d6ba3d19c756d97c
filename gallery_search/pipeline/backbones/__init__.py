# SPDX-License-Identifier: MIT
"""The backbones at work, on their way, and to be had."""
