# SPDX-License-Identifier: MIT
"""Starting the program when its user logs in: one entry, of the form that each system wants."""
