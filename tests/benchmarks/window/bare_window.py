# SPDX-License-Identifier: MIT
"""The least that a PySide6 program can show; the start of ours is compared with it.

    python bare_window.py FIGURES BEGAN

writes the seconds from BEGAN (as `time.monotonic` has it) to the end of its first paint, and the
processor time until then.
"""

import json
import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class BareWindow(QMainWindow):
    has_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self.has_painted:
            self.has_painted = True
            QTimer.singleShot(0, self.on_painted)

    def on_painted(self) -> None:
        seconds = time.monotonic() - float(sys.argv[2])
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            json.dump({"first_paint_s": seconds, "processor_s": time.process_time()}, file)
        os._exit(0)


application = QApplication(sys.argv[:1])
window = BareWindow()
window.setCentralWidget(QLabel("Nothing but a window"))
window.resize(1120, 760)  # as large as ours
window.show()
application.exec()
