# SPDX-License-Identifier: MIT
"""How the panes of a comparison are laid out in the window. Pure, without Qt."""


def columns_for(count: int, width: float, height: float) -> int:
    """How many panes stand side by side.

    Two and three stand in one line along the longer side of the room, four in two rows.

    Args:
        count: of the panes, 1 to 4.
        width: of the room that they share.
        height: of the same room.
    """
    if count == 4:
        return 2
    return count if width >= height else 1
