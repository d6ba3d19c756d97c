# SPDX-License-Identifier: MIT
"""Reads image files of all kinds, hostile ones included, in child processes at low priority.

`pool.DecoderPool` is what the pipeline uses; `decode` and what it imports run in the children.
"""
