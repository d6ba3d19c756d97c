# SPDX-License-Identifier: MIT
"""A small program without a window that has copied something, and says "ready" once it has.

python clipboard_source.py (--text TEXT | --image FILE)
"""

import argparse
import sys

from PySide6.QtGui import QGuiApplication, QImage


def main() -> int:
    """Offer it until the program is ended."""
    parser = argparse.ArgumentParser()
    offer = parser.add_mutually_exclusive_group(required=True)
    offer.add_argument("--text")
    offer.add_argument("--image")
    options = parser.parse_args()
    application = QGuiApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    clipboard = application.clipboard()
    if options.image is None:
        clipboard.setText(options.text)
    else:
        clipboard.setImage(QImage(options.image))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
