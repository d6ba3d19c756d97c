# SPDX-License-Identifier: MIT
"""Looking after what is kept: backups, checks, duplicates."""
