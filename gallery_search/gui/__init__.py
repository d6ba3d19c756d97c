# SPDX-License-Identifier: MIT
"""The window: the only layer that knows Qt. It sees the library through `ports` and the records."""
