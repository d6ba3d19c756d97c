# SPDX-License-Identifier: MIT
"""What the user does with the files of photos: opened, copied, dragged out, exported, trashed."""
