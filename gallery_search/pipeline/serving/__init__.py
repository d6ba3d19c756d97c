# SPDX-License-Identifier: MIT
"""What the window looks at: rows, thumbnails, the order of photos, large pictures."""
