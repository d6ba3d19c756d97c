# SPDX-License-Identifier: MIT
"""The menu in which the user says how considerate indexing is to be."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from gallery_search.gui import wording
from gallery_search.language import tr
from gallery_search.manners import Manners, MannersChanged, Share


class IndexingMenu(QMenu):
    """Shows the manners that the library tells, and emits those that the user chooses.

    Signals:
        chosen: Manners; the library is to tell when they hold.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("&Indexing"), parent)
        self.setAccessibleName(tr("Indexing"))
        self.setToolTipsVisible(True)
        self._use = self.addMenu(tr("&Use of the computer"))
        self._use.setAccessibleName(tr("Use of the computer"))
        self._group = QActionGroup(self)
        self.shares: dict[Share, QAction] = {
            share: self._use.addAction(tr(text)) for share, text in wording.SHARES.items()
        }
        for action in self.shares.values():
            action.setCheckable(True)
            self._group.addAction(action)
        self.idle_only = self._add(
            tr("&Only while I am away"), tr("Photos wait while keyboard or mouse are used")
        )
        self.battery_saving = self._add(
            tr("&Save battery"), tr("On battery it is slower, and below 30 % it waits")
        )
        self._show(Manners())
        self.setEnabled(False)  # until it is known what holds, or a click would change all of it
        # What the user does, and not what `on_manners_changed` shows.
        self._group.triggered.connect(self._on_triggered)
        for action in (self.idle_only, self.battery_saving):
            action.triggered.connect(self._on_triggered)

    def on_manners_changed(self, change: MannersChanged) -> None:
        """Show what holds."""
        self._show(change.manners)
        self.setEnabled(True)

    def _show(self, manners: Manners) -> None:
        self.shares[manners.share].setChecked(True)
        self.idle_only.setChecked(manners.is_idle_only)
        self.battery_saving.setChecked(manners.is_battery_saving)

    def _add(self, text: str, hint: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setToolTip(hint)
        return action

    def _on_triggered(self) -> None:
        share = next(share for share, action in self.shares.items() if action.isChecked())
        self.chosen.emit(
            Manners(share, self.idle_only.isChecked(), self.battery_saving.isChecked())
        )
