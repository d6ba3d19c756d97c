# SPDX-License-Identifier: MIT
"""The window: the only layer that knows Qt. It sees the library through `ports` and the records."""

import builtins

import PySide6.QtCore  # noqa: F401 - first, as it puts the hook there

# WORKAROUND(https://bugreports.qt.io/browse/PYSIDE-2029): PySide6 wraps Python's import, and reads
# the source of every module that is imported from then on, Qt or not, to see whether it may use
# `from __feature__ import`, which nothing here does. That took 45 of 340 ms before the window was
# there, and 50 ms of Python's lock afterwards, when the pipeline and OpenVINO are imported.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
