# SPDX-License-Identifier: MIT
"""The watched folders, and the files in them that could not be read."""
