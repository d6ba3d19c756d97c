# SPDX-License-Identifier: MIT
"""German as the program speaks it: the translations of the checkout, made ready by Qt's tools."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from gallery_search import language
from gallery_search.paths import resource

_TOOL = Path(PySide6.__file__).with_name("lrelease")


@contextmanager
def german(folder: Path) -> Iterator[None]:
    """Speak German, with Qt's own texts and the German locale; files are made in a folder."""
    translators = []
    qt = QTranslator()
    assert qt.load("qtbase_de", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    translators.append(qt)
    for source in sorted(resource("translations").glob("*_de.ts")):
        made = folder / f"{source.stem}.qm"
        subprocess.run([_TOOL, "-silent", source, "-qm", made], check=True)
        own = QTranslator()
        assert own.load(str(made))
        translators.append(own)
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    for translator in translators:
        QCoreApplication.installTranslator(translator)
    language.use(
        lambda text, note, count: QCoreApplication.translate(language.CONTEXT, text, note, count)
    )
    try:
        yield
    finally:
        language.use(None)
        for translator in translators:
            QCoreApplication.removeTranslator(translator)
        QLocale.setDefault(default)
