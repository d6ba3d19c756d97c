# SPDX-License-Identifier: MIT
"""What the user sets, and what the program keeps."""
