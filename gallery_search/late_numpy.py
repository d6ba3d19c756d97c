# SPDX-License-Identifier: MIT
"""NumPy under its usual name, imported when it is first used.

For modules that the window is made of: importing NumPy takes longer than painting the window for
the first time, which needs no array. By the time that photos arrive, the library has imported it.
"""

from typing import TYPE_CHECKING, Any

__all__ = ["np"]

if TYPE_CHECKING:
    import numpy as np
else:

    class _Late:
        def __getattr__(self, name: str) -> Any:
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)  # so this is asked once for each name
            return found

    np = _Late()
