# SPDX-License-Identifier: MIT
"""Shows which parts of a photo that was found match the query, when somebody asks."""

import itertools

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui.events import EventBridge
from gallery_search.gui.networks.networks import Networks
from gallery_search.gui.ports import Library
from gallery_search.gui.query.searches import Searches
from gallery_search.gui.settings.shortcuts import with_keys
from gallery_search.gui.widgets.labels import tooltip_of
from gallery_search.language import tr
from gallery_search.matches import MatchExplained, MatchFailed
from gallery_search.queries import MatchRequest
from gallery_search.records import PhotoId

from . import match_text
from .viewing import Viewing


class Matching(QObject):
    """Asks the library for the photo in view, and again for each that is leafed to.

    GUI thread only.

    Args:
        viewing: shows the photos of the grid.
        searches: have the query.
        networks: tell which network answers.
        library: is asked.
        bridge: brings its answers.
        action: the command. It is hidden while the library is shown, and disabled while no photo
            is the current one, or, with the reason in its text and tool tip, where it cannot be
            shown what matches.
    """

    def __init__(
        self,
        viewing: Viewing,
        searches: Searches,
        networks: Networks,
        library: Library,
        bridge: EventBridge,
        action: QAction,
    ) -> None:
        super().__init__(viewing)
        self._viewing = viewing
        self._searches = searches
        self._grid = viewing.grid
        self._library = library
        self._action = action
        self._active: BackboneStatus | None = None
        self._request_ids = itertools.count(1)
        self._asked: int | None = None
        # In text fields and lists the same key means what it always does.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._grid.addAction(action)
        action.triggered.connect(self._on_triggered)
        viewing.photo_shown.connect(self._on_photo_shown)
        viewing.left.connect(self._on_left)
        viewing.matches_toggled.connect(self._on_toggled)
        networks.active_changed.connect(self._on_active_changed)
        for changed in (searches.result_shown, searches.library_shown):
            changed.connect(lambda _shown: self._see_what_is_possible())
        self._grid.selection_changed.connect(self._see_what_is_possible)
        bridge.match_explained.connect(self._on_explained)
        bridge.match_failed.connect(self._on_failed)
        self._see_what_is_possible()

    def _see_what_is_possible(self) -> None:
        visit = self._searches.current
        has_result = visit.result is not None
        refusal = match_text.refusal(visit, self._active) if has_result else None
        command, action = tr(match_text.COMMAND), self._action
        action.setVisible(has_result)
        # While a photo is looked at there is one, even between leaving one and choosing the next.
        has_photo = self._viewing.is_open or self._grid.current_photo_id() is not None
        action.setEnabled(has_result and refusal is None and has_photo)
        action.setText(
            command
            if refusal is None
            else tr("{command} ({reason})", command=command, reason=refusal.short)
        )
        hint = with_keys(command, action) if refusal is None else tooltip_of(refusal.sentence)
        action.setToolTip(hint)
        if self._viewing.is_open:
            button = self._viewing.viewer.bar.matches
            button.setVisible(has_result)
            button.setEnabled(action.isEnabled() or button.isChecked())  # to be switched off
            button.setToolTip(hint)

    # --- what the user does -------------------------------------------------------------------

    def _on_triggered(self) -> None:
        if self._viewing.is_open:
            self._viewing.viewer.bar.matches.toggle()
            return
        photo_id = self._grid.current_photo_id()
        if photo_id is not None:
            self._viewing.open(photo_id)
            self._viewing.viewer.bar.matches.setChecked(True)

    def _on_toggled(self, is_on: bool) -> None:
        shown = self._viewing.shown
        if is_on and shown is not None:
            self._ask(shown)
        else:
            self._give_up()
            self._see_what_is_possible()

    def _on_photo_shown(self, photo_id: PhotoId) -> None:
        self._see_what_is_possible()
        if self._viewing.viewer.bar.matches.isChecked():
            self._ask(photo_id)

    def _on_left(self) -> None:
        self._viewing.viewer.bar.matches.setChecked(False)

    def _on_active_changed(self, active: BackboneStatus) -> None:
        self._active = active
        self._see_what_is_possible()

    # --- asking -------------------------------------------------------------------------------

    def _ask(self, photo_id: PhotoId) -> None:
        visit = self._searches.current
        if visit.source is None or visit.result is None:
            return
        refusal = match_text.refusal(visit, self._active)
        if refusal is not None:  # another network has taken over while the viewer was open
            self._asked = None
            self._viewing.viewer.say_of_matches(refusal.sentence)
            return
        self._asked = next(self._request_ids)
        self._viewing.viewer.say_of_matches(tr(match_text.LOOKING))
        self._library.request_match(
            MatchRequest(self._asked, photo_id, visit.source, visit.result.request_id)
        )

    def _give_up(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._library.request_match(None)
        self._viewing.viewer.hide_matches()

    def _on_explained(self, answer: MatchExplained) -> None:
        if answer.request_id != self._asked:
            return
        from .heat import make_heat  # which needs NumPy, and the window is there without it

        viewer = self._viewing.viewer
        of_query = None if answer.query is None else make_heat(answer.query)
        detail = match_text.explained(answer, viewer.locale())
        viewer.show_matches(make_heat(answer.photo), answer.picture, of_query, detail)

    def _on_failed(self, failure: MatchFailed) -> None:
        if failure.request_id == self._asked:
            self._viewing.viewer.say_of_matches(failure.reason)
