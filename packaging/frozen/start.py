# SPDX-License-Identifier: MIT
"""What a built program runs first: the package's own start, in an environment as it was found."""

import os
import sys


def restore_environment() -> None:
    """Undo what PyInstaller set for this process, before it reaches other people's programs.

    This process has found its own libraries by now; a program that it opens ("Open with…") would
    take them for its own, too. Our children set it anew for themselves. Qt finds its plugins
    beside its libraries.
    """
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = os.environ.pop(f"{name}_ORIG", None)
        if original is not None:
            os.environ[name] = original
        elif sys.platform != "win32":
            os.environ.pop(name, None)
    # Or a child would take these libraries for found, as its parent's are, and not set the way.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    # Where the user had set one of these, PyInstaller has overwritten it already.
    for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        os.environ.pop(name, None)


def replace_missing_streams() -> None:
    """Put the null device where a program without a console, on Windows, has no output."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the end


if __name__ == "__main__":
    replace_missing_streams()
    restore_environment()
    from gallery_search.__main__ import run

    run()
