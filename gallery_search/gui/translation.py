# SPDX-License-Identifier: MIT
"""The language of the window: which there are, which one holds, and Qt's translators for it."""

import logging
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from gallery_search import language
from gallery_search.paths import resource

log = logging.getLogger(__name__)

OPTION = "language"
"""The name under which the choice is kept."""

SYSTEM = "system"
ENGLISH = "en"
_PREFIX = "gallery_search_"


def install(chosen: str) -> str:
    """Speak a language from now on, in numbers and dates as well; GUI thread, before any widget.

    Only what is shown afterwards is in that language, so this is for the start of the program.

    Args:
        chosen: one of `languages`; anything else is as `SYSTEM`.

    Returns:
        The language that holds: "en", "de".
    """
    remove()
    is_own_choice = chosen in languages()
    spoken = chosen if is_own_choice else of_system(QLocale.system().uiLanguages())
    if is_own_choice and _code(QLocale.system()) != spoken:
        QLocale.setDefault(QLocale(spoken))
    if spoken == ENGLISH:
        return spoken
    # Ours comes last, and so is asked first; Qt's own is for its buttons and dialogs.
    _load(f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    if _load(f"{_PREFIX}{spoken}", str(resource("translations"))):
        language.use(_translate)
    return spoken


def remove() -> None:
    """Speak English again, and write numbers as the system does; GUI thread."""
    language.use(None)
    for translator in _installed:
        QCoreApplication.removeTranslator(translator)
    _installed.clear()
    if QLocale() != QLocale.system():
        QLocale.setDefault(QLocale.system())


def languages() -> tuple[str, ...]:
    """The languages that can be chosen, English first; looks into a folder."""
    files = resource("translations").glob(f"{_PREFIX}*.qm")
    return (ENGLISH, *sorted(file.stem.removeprefix(_PREFIX) for file in files))


def own_name(code: str) -> str:
    """What a language calls itself: "English", "Deutsch"."""
    if code == ENGLISH:
        return "English"  # Qt has it as "American English"
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]


def of_system(wanted: Sequence[str]) -> str:
    """The first language of those that the system's user wants which there is; else English.

    Args:
        wanted: as `QLocale.uiLanguages` has them, such as "de-AT", "de", "en-GB".
    """
    there = languages()
    codes = (name.replace("_", "-").partition("-")[0] for name in wanted)
    return next((code for code in codes if code in there), ENGLISH)


_installed: list[QTranslator] = []


def _load(name: str, folder: str) -> bool:
    translator = QTranslator()
    if not translator.load(name, folder):
        log.warning("the translation %s cannot be read in %s", name, folder)
        return False
    QCoreApplication.installTranslator(translator)
    _installed.append(translator)
    return True


def _translate(text: str, note: str, count: int) -> str:
    return QCoreApplication.translate(language.CONTEXT, text, note, count)


def _code(locale: QLocale) -> str:
    return locale.name().partition("_")[0]
