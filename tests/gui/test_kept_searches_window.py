# SPDX-License-Identifier: MIT
"""Searches that are kept, in the window: noted, saved, listed, asked again, removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale, QMimeData, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from stand_in_keeper import StandInKeeper
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.filters import NO_FILTERS, Filters
from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.searches_dialog import SearchesDialog
from gallery_search.queries import CombinedSource, QueryPart
from gallery_search.records import BytesSource, Notice, PathSource, PhotoSource, TextSource
from gallery_search.remembered import KeptPart, KeptSearch
from gallery_search.similarity import SimilarityScale

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SCALE = SimilarityScale(0.2, 0.4, 0.6, 0.8)
A, B = PathSource("/a.jpg"), PathSource("/b.jpg")


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> Iterator[WindowDriver]:
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield WindowDriver(qtbot, bridge)
    QLocale.setDefault(default)


@pytest.fixture
def keeper(driver: WindowDriver) -> StandInKeeper:
    return driver.library.search_keeper


def kept(name: str, *parts: KeptPart, **rest: object) -> KeptSearch:
    parts = parts or (KeptPart(PathSource(f"/{name}"), name, 1.0, drawn_jpeg(len(name))),)
    return KeptSearch(name, parts, **rest)  # type: ignore[arg-type]


def open_dialog(driver: WindowDriver) -> SearchesDialog:
    driver.press(Key.Key_H, Modifier.ControlModifier | Modifier.ShiftModifier)
    dialog = driver.window.remembering.dialog
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    driver.settle()
    return dialog


def spoken(dialog: SearchesDialog) -> list[str]:
    model = dialog.list.searches
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.data(model.index(row), role) for row in range(model.rowCount())]


def current(dialog: SearchesDialog) -> str:
    entry = dialog.list.current
    return "" if entry is None else entry.search.name


def press(driver: WindowDriver, dialog: SearchesDialog, *keys: Qt.Key) -> None:
    for key in keys:
        driver.press(key, widget=dialog.list)


def name_it(driver: WindowDriver, name: str) -> str:
    """Type a name into the dialog that is open, and press Enter; the name that was proposed."""
    dialog = next(d for d in driver.window.findChildren(QInputDialog) if d.isVisible())
    line = dialog.findChild(QLineEdit)
    proposed = line.text()
    line.setText(name)
    driver.press(Key.Key_Return, widget=line)
    return proposed


def answer_question(driver: WindowDriver, dialog: SearchesDialog, label: str) -> None:
    (box,) = (box for box in dialog.findChildren(QMessageBox) if box.isVisible())
    assert box.defaultButton().text().replace("&", "") == "Cancel"
    buttons = box.findChildren(QPushButton)
    driver.click(next(b for b in buttons if b.text().replace("&", "") == label))


def change_weight(driver: WindowDriver, weight: float) -> None:
    driver.window.view.bar.chips.chips[0].weighed.emit(weight)
    driver.answer()


# --- noting ---------------------------------------------------------------------------------------


def test_what_was_found_is_noted_with_its_picture_and_filters(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    driver.window.searches.set_filters(Filters(min_width=100))
    driver.ask("/a.jpg")
    assert keeper.remembered == []
    driver.answer()
    ((search, instead_of),) = keeper.remembered
    thumbnail = driver.window.searches.current.result.thumbnail  # type: ignore[union-attr]
    assert search == KeptSearch(
        "a.jpg", (KeptPart(A, "a.jpg", 1.0, thumbnail),), Filters(min_width=100)
    )
    assert instead_of is None


def test_what_failed_or_is_only_gone_back_to_is_not_noted(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    driver.search("/a.jpg")
    driver.ask("/broken.jpg")
    driver.library.fail("It is broken.")
    driver.settle()
    driver.window.searches.go_back()
    driver.window.searches.go_forward()
    assert len(keeper.remembered) == 1


def test_weights_and_filters_that_are_tried_out_are_noted_once(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    driver.search("/a.jpg")
    driver.window.searches.set_filters(Filters(min_width=100))
    driver.answer()
    (first, _), (_, instead_of) = keeper.remembered
    assert instead_of == first
    source = CombinedSource((QueryPart(A), QueryPart(B)))
    driver.window.searches.change(source, "a.jpg + b.jpg")
    driver.answer()
    (combined, instead_of) = keeper.remembered[-1]
    assert instead_of is None  # it asks for something else
    assert [part.source for part in combined.parts] == [A, B]
    change_weight(driver, 0.5)
    (weighted, instead_of) = keeper.remembered[-1]
    assert instead_of == combined
    assert [part.weight for part in weighted.parts] == [0.5, 1.0]
    change_weight(driver, -0.5)
    assert keeper.remembered[-1][1] is None  # the opposite is another search


# --- saving ---------------------------------------------------------------------------------------


def test_photos_chosen_on_the_map_are_not_noted_but_saved(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    driver.window.searches.set_filters(Filters(formats=("PNG",), photo_ids=(5, 10)))
    driver.search("/lake.jpg", scale=SCALE)
    assert [search.filters for search, _ in keeper.remembered] == [Filters(formats=("PNG",))]
    driver.window.actions_.save_search.trigger()
    name_it(driver, "Lake")
    assert [search.filters.photo_ids for search in keeper.kept["saved"]] == [(5, 10)]


def test_what_is_shown_is_saved_by_a_name_with_all_that_changes_it(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    save = driver.window.actions_.save_search
    assert not save.isEnabled()
    driver.ask("/a.jpg")
    driver.answer(scale=SCALE)
    assert save.isEnabled()
    driver.window.view.cut_at(0.9)
    driver.press(Key.Key_S, Modifier.ControlModifier)
    assert name_it(driver, "  Beach  at dusk ") == "a.jpg"
    (saved,) = keeper.kept["saved"]
    assert (saved.name, saved.cut) == ("Beach at dusk", 0.9)
    assert driver.notice == "Saved as “Beach at dusk”."
    driver.window.searches.go_to_library()
    assert not save.isEnabled()


def test_a_cut_that_nobody_chose_is_not_saved(driver: WindowDriver, keeper: StandInKeeper) -> None:
    driver.ask("/a.jpg")
    driver.answer(scale=SCALE)
    driver.window.actions_.save_search.trigger()
    name_it(driver, "x")
    assert keeper.kept["saved"][0].cut is None


def test_nothing_is_saved_without_a_name(driver: WindowDriver, keeper: StandInKeeper) -> None:
    driver.search("/a.jpg")
    driver.window.actions_.save_search.trigger()
    name_it(driver, "  ")
    assert keeper.kept["saved"] == []


def test_an_image_that_is_no_longer_at_hand_cannot_be_saved(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    mime = QMimeData()
    mime.setImageData(QImage.fromData(drawn_jpeg(5)))
    driver.paste(mime)
    driver.answer()
    assert driver.window.actions_.save_search.isEnabled()
    driver.search("/a.jpg")
    driver.window.searches.go_back()
    assert not driver.window.actions_.save_search.isEnabled()


# --- the list -------------------------------------------------------------------------------------


def test_saved_searches_are_listed_above_recent_ones(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    keeper.keep("saved", kept("Beach"))
    keeper.keep("recent", kept("a.jpg"))
    keeper.keep("recent", kept("b.jpg", filters=Filters(min_width=1)))
    dialog = open_dialog(driver)
    assert not dialog.isModal()
    when = "1 January 1970"
    assert spoken(dialog) == [
        "Saved searches",
        f"Beach, saved search, saved {when}",
        "Recent searches",
        f"b.jpg, recent search, with filters · {when}",
        f"a.jpg, recent search, {when}",
    ]
    assert current(dialog) == "Beach"
    interface = QAccessible.queryAccessibleInterface(dialog.list)
    assert interface.text(QAccessible.Text.Name) == "Searches"
    press(driver, dialog, Key.Key_Down)
    assert current(dialog) == "b.jpg"  # past the heading
    press(driver, dialog, Key.Key_End)
    assert current(dialog) == "a.jpg"
    press(driver, dialog, Key.Key_Home)
    assert current(dialog) == "Beach"


def test_a_click_or_enter_asks_again_with_the_filters_of_then(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    keeper.keep("recent", kept("a.jpg"))
    words = KeptPart(TextSource("snow"), "snow", -0.5)
    both = (KeptPart(B, "b.jpg"), words)
    keeper.keep("recent", kept("b.jpg − snow", *both, filters=Filters(min_width=9)))
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Return)
    assert not dialog.isVisible()
    request = driver.library.requests[-1]
    assert request.source == CombinedSource((QueryPart(B), QueryPart(words.source, -0.5)))
    assert request.filters == Filters(min_width=9)
    driver.answer()
    driver.window.actions_.recent.trigger()
    driver.settle()
    rect = dialog.list.visualRect(dialog.list.searches.index(2))
    driver.qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    driver.settle()
    request = driver.library.requests[-1]
    assert (request.source, request.filters) == (A, NO_FILTERS)


@pytest.mark.parametrize("end", ["fails", "given up", "overtaken"])
def test_filters_of_a_search_that_is_not_answered_are_forgotten(
    driver: WindowDriver, keeper: StandInKeeper, end: str
) -> None:
    searches = driver.window.searches
    own = Filters(min_width=100)
    searches.set_filters(own)
    searches.search(A)
    driver.answer()
    keeper.keep("saved", kept("b.jpg", filters=Filters(min_width=9)))
    press(driver, open_dialog(driver), Key.Key_Return)
    assert driver.library.requests[-1].filters == Filters(min_width=9)
    asked = len(driver.library.requests)
    if end == "fails":
        driver.library.fail("It cannot be read.")
    elif end == "given up":
        searches.go_back()
    else:
        searches.search(B)
        assert driver.library.requests[-1].filters == own
        driver.answer()
        asked += 1
    driver.settle()
    assert searches.filters == own
    assert len(driver.library.requests) == asked  # what is shown has these filters


def test_a_result_gone_to_meanwhile_is_not_cut_as_a_saved_search(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    searches, cut = driver.window.searches, driver.window.view.cut
    searches.search(A)
    driver.answer()
    searches.search(B)
    driver.answer()
    searches.go_back()
    place = cut.place
    keeper.keep("saved", kept("c.jpg", cut=0.875, filters=Filters(min_width=9)))
    press(driver, open_dialog(driver), Key.Key_Return)
    searches.go_forward()
    searches.set_filters(Filters(min_width=7))
    driver.answer()
    assert cut.place == place


def test_filters_of_a_search_are_shown_where_they_are_changed(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    summer = (1_561_939_200, 1_567_296_000)  # July and August 2019
    filters = Filters(
        taken_from=summer[0],
        taken_before=summer[1],
        formats=("PNG",),
        min_width=640,
        max_bytes=3 << 20,
        folders=("/photos/Holiday",),
    )
    keeper.keep("recent", kept("a.jpg", filters=filters))
    press(driver, open_dialog(driver), Key.Key_Return)
    driver.answer()
    refining, searches = driver.window.refining, driver.window.searches
    fields = refining.panel.fields
    assert fields.filters == filters
    assert (fields.taken_from.text(), fields.taken_to.text()) == ("2019-07", "2019-08")
    driver.window.actions_.refine.trigger()
    driver.settle()
    fields.least_width.setValue(0)
    assert searches.filters == replace(filters, min_width=None)
    driver.window.view.filter_line.button.click()
    assert searches.filters == NO_FILTERS
    assert fields.filters == NO_FILTERS


@pytest.mark.parametrize(("cut", "shown"), [(None, 0.25), (0.875, 0.875), (0.0, 0.0)])
def test_a_saved_search_shows_as_many_hits_as_when_it_was_saved(
    driver: WindowDriver, keeper: StandInKeeper, cut: float | None, shown: float
) -> None:
    driver.ask("/b.jpg")
    driver.answer(scale=SCALE)
    driver.window.view.cut_at(0.5)
    keeper.keep("saved", kept("a.jpg", cut=cut))
    press(driver, open_dialog(driver), Key.Key_Return)
    driver.answer(scale=SCALE)
    assert driver.window.view.cut.place == pytest.approx(shown)


def test_the_cut_of_a_saved_search_is_not_that_of_the_search_asked_instead(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    keeper.keep("saved", kept("a.jpg", cut=0.9))
    press(driver, open_dialog(driver), Key.Key_Return)
    driver.ask("/b.jpg")
    driver.answer(scale=SCALE)
    assert driver.window.view.cut.place == pytest.approx(0.25)


def test_a_search_whose_photo_is_gone_says_so_and_asks_nothing(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    gone = KeptPart(PhotoSource(99), "IMG_99.jpg", 1.0, None, is_gone=True)
    keeper.keep("saved", kept("Mine", gone))
    dialog = open_dialog(driver)
    sentence = "“IMG_99.jpg” is no longer in the library."
    assert spoken(dialog)[1] == f"Mine, saved search, {sentence}"
    press(driver, dialog, Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.notices.text == sentence
    assert driver.library.requests == []


def test_what_is_left_of_a_search_is_asked(driver: WindowDriver, keeper: StandInKeeper) -> None:
    gone = KeptPart(PhotoSource(99), "IMG_99.jpg", 1.0, None, is_gone=True)
    keeper.keep("saved", kept("Mine", gone, KeptPart(A, "a.jpg")))
    press(driver, open_dialog(driver), Key.Key_Return)
    assert driver.library.requests[-1].source == A


def test_a_pasted_image_is_asked_by_its_copy(driver: WindowDriver, keeper: StandInKeeper) -> None:
    copy = BytesSource(drawn_jpeg(3), "Pasted image")
    keeper.keep("recent", kept("Pasted image", KeptPart(copy, "Pasted image", 1.0, copy.data)))
    press(driver, open_dialog(driver), Key.Key_Return)
    assert driver.library.requests[-1].source == copy


# --- changing the list ----------------------------------------------------------------------------


def test_a_saved_search_is_renamed_and_a_recent_one_has_no_name_of_its_own(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    keeper.keep("saved", kept("Beach"))
    keeper.keep("recent", kept("a.jpg"))
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_F2)
    assert name_it(driver, "Sea") == "Beach"
    assert current(dialog) == "Sea"
    press(driver, dialog, Key.Key_Down, Key.Key_F2)
    assert not any(d.isVisible() for d in driver.window.findChildren(QInputDialog))


def test_a_recent_search_goes_at_once_and_the_next_one_is_current(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        keeper.keep("recent", kept(name))
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Down, Key.Key_Delete)
    assert [search.name for search in keeper.kept["recent"]] == ["c.jpg", "a.jpg"]
    assert current(dialog) == "a.jpg"
    row = dialog.list.visualRect(dialog.list.currentIndex())
    cross = dialog.list._row.cross_rect(row).center()
    driver.qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=cross)
    driver.settle()
    assert [search.name for search in keeper.kept["recent"]] == ["c.jpg"]
    assert driver.library.requests == []


def test_a_saved_search_goes_after_a_question(driver: WindowDriver, keeper: StandInKeeper) -> None:
    keeper.keep("saved", kept("Beach"))
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Delete)
    answer_question(driver, dialog, "Cancel")
    assert len(keeper.kept["saved"]) == 1
    press(driver, dialog, Key.Key_Delete)
    answer_question(driver, dialog, "Remove")
    assert keeper.kept["saved"] == []
    assert dialog.list.searches.rowCount() == 0


def test_the_menu_offers_what_fits(driver: WindowDriver, keeper: StandInKeeper) -> None:
    gone = KeptPart(PhotoSource(99), "IMG_99.jpg", 1.0, None, is_gone=True)
    keeper.keep("saved", kept("Mine", gone))
    keeper.keep("recent", kept("a.jpg"))
    dialog = open_dialog(driver)
    offered = []
    for row in (1, 3):
        rect = dialog.list.visualRect(dialog.list.searches.index(row))
        dialog.list.customContextMenuRequested.emit(rect.center())
        menu = next(m for m in dialog.list.findChildren(QMenu) if m.isVisible())
        offered.append([(action.text(), action.isEnabled()) for action in menu.actions()])
        menu.close()
        driver.settle()
    assert offered == [
        [("Search again", False), ("Rename…", True), ("Remove", True)],
        [("Search again", True), ("Remove", True)],
    ]


def test_all_recent_ones_are_forgotten_after_a_question(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    keeper.keep("saved", kept("Beach"))
    keeper.keep("recent", kept("a.jpg"))
    dialog = open_dialog(driver)
    driver.click(dialog.clear_button)
    answer_question(driver, dialog, "Clear")
    assert (len(keeper.kept["saved"]), keeper.kept["recent"]) == (1, [])
    assert not dialog.clear_button.isEnabled()


def test_the_history_is_turned_off_and_on(driver: WindowDriver, keeper: StandInKeeper) -> None:
    dialog = open_dialog(driver)
    assert dialog.remember.isChecked()
    assert dialog.list._nothing == "Nothing was searched for yet."
    driver.press(Key.Key_Space, widget=dialog.remember)
    assert not keeper.is_remembering
    assert dialog.list._nothing == "Recent searches are not kept."
    driver.press(Key.Key_Space, widget=dialog.remember)
    assert keeper.is_remembering


def test_the_list_keeps_up_and_says_what_the_library_refuses(
    driver: WindowDriver, keeper: StandInKeeper
) -> None:
    dialog = open_dialog(driver)
    keeper.keep("recent", kept("a.jpg"))
    driver.search("/a.jpg")
    assert current(dialog) == "a.jpg"
    driver.library.deliver(Notice("The disk is full."))
    driver.settle()
    assert dialog.notices.text == "The disk is full."
    driver.window.close()
    assert not dialog.isVisible()


def test_nothing_is_asked_of_the_library_before_the_list_is_wanted(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(StandInKeeper, "request_all", lambda _self: asked.append("all"))
    driver = WindowDriver(qtbot, bridge)
    driver.search("/a.jpg")
    assert asked == []
    driver.window.actions_.recent.trigger()
    assert asked == ["all"]
    assert driver.window.remembering.dialog is not None


def test_a_click_counts_where_it_began(driver: WindowDriver, keeper: StandInKeeper) -> None:
    for name in ("a.jpg", "b.jpg"):
        keeper.keep("recent", kept(name))
    dialog = open_dialog(driver)
    first, second = (
        dialog.list.visualRect(dialog.list.searches.index(row)).center() for row in (1, 2)
    )
    button = Qt.MouseButton.LeftButton
    driver.qtbot.mousePress(dialog.list.viewport(), button, pos=first)
    driver.qtbot.mouseRelease(dialog.list.viewport(), button, pos=second)
    driver.settle()
    assert driver.library.requests == []
    assert dialog.isVisible()
