# SPDX-License-Identifier: MIT
"""The commands of the window, with their keys, in the tool bar and the menus."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QToolBar, QToolButton

from gallery_search.language import tr

from .settings.indexing_menu import IndexingMenu
from .settings.shortcuts import HINT, with_keys
from .theme import SPACING_PX, Icons

_Key = QKeySequence.StandardKey


class Actions:
    """All commands; the window connects them to what they do.

    Attributes:
        of_photos: what is about the selected photos; its keys work in the grid alone.
        tool_bar: Back, Forward, Library, Open, Paste, Find similar, Refine and Networks.
        indexing: the menu about how considerate indexing is.
        help_menu: the last of the menu bar.
    """

    def __init__(self, window: QMainWindow, icons: Icons) -> None:
        self._window = window
        self._icons = icons
        self.back = self._action(tr("Back"), "back", _Key.Back, tr("Back to what was shown before"))
        self.forward = self._action(tr("Forward"), "forward", _Key.Forward, tr("Forward again"))
        self.library = self._action(
            tr("Library"), "library", None, tr("Show all photos, newest first")
        )
        self.library.setShortcuts([QKeySequence(Qt.Key.Key_Escape), QKeySequence("Alt+Home")])
        self.open = self._action(
            tr("Open image…"), "image", _Key.Open, tr("Search for an image file")
        )
        self.paste = self._action(
            tr("Paste"),
            "paste",
            _Key.Paste,
            tr("Search for the image, file or path on the clipboard"),
        )
        self.find_similar = self._action(
            tr("Find similar"), "similar", None, tr("Search for photos like the selected one (S)")
        )
        self.part = self._action(tr("Search a part…"), "part", "Ctrl+R", "")
        self.matches = self._action(tr("Show what matches"), None, "W", "")
        self.words = self._action(
            tr("Search by words"), "words", _Key.Find, tr("Type what is to be seen on the photos")
        )
        self.words.setVisible(False)  # until a network answers that knows words
        self.recent = self._action(tr("Recent searches…"), "recent", "Ctrl+Shift+H", "")
        self.save_search = self._action(tr("Save this search…"), None, _Key.Save, "")
        self.compare = self._action(
            tr("Compare"), None, "Ctrl+K", tr("Look at two to four selected photos side by side")
        )
        self.refine = self._action(
            tr("Refine"), "refine", "Ctrl+Shift+F", tr("Say which photos a search may find")
        )
        self.refine.setCheckable(True)
        self.networks = self._action(
            tr("Networks…"),
            "network",
            "Ctrl+Shift+N",
            tr("Choose the network that decides what is alike"),
        )
        self.networks.setIconText(tr("Networks"))
        self.duplicates = self._action(
            tr("Duplicates…"), None, "Ctrl+D", tr("Find photos that are there twice")
        )
        self.model_choice = self._action(tr("Which model suits my photos?"), None, None, "")
        self.analysis = self._action(tr("Analysis…"), None, "Ctrl+Shift+A", "")
        self.map = self._action(
            tr("Map…"), None, "Ctrl+Shift+M", tr("See all photos laid out by how alike they are")
        )
        self.add_folder = self._action(
            tr("Add folder…"), "add-folder", None, tr("Watch a photo folder")
        )
        self.export = self._action(tr("Export list…"), None, "Ctrl+E", "")
        self.quit = self._action(tr("Quit"), None, _Key.Quit, tr("Close Gallery Search"))
        if not self.quit.shortcuts():  # Windows has no standard key for it
            self.quit.setShortcut(QKeySequence("Ctrl+Q"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.keys = self._action(tr("Keyboard shortcuts"), None, _Key.HelpContents, "")
        if not self.keys.shortcuts():  # a Mac's standard key is another one
            self.keys.setShortcut(QKeySequence("F1"))
        self.settings = self._action(tr("Settings…"), None, "Ctrl+,", "")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.privacy = self._action(tr("Privacy…"), None, None, "")
        self.about = self._action(tr("About Gallery Search"), None, None, "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.about.triggered.connect(self._on_about)
        self.select_all = self._action(tr("Select all"), None, _Key.SelectAll, "")
        self.copy = self._action(tr("Copy"), None, _Key.Copy, "")
        self.copy_image = self._action(tr("Copy image"), None, "Ctrl+Alt+C", "")
        self.copy_paths = self._action(tr("Copy paths"), None, "Ctrl+Shift+C", "")
        self.copy_to_folder = self._action(tr("Copy to folder…"), None, None, "")
        # Not the standard keys for deleting: under X11 Ctrl+D is one of them.
        self.trash = self._action(tr("Move to trash…"), None, "Del", "")
        self.of_photos = (
            self.copy,
            self.copy_image,
            self.copy_paths,
            self.copy_to_folder,
            self.trash,
        )
        self.undo_trash = self._action(tr("Undo move to trash"), None, _Key.Undo, "")
        self.undo_trash.setEnabled(False)
        self.larger = self._action(tr("Larger photos"), None, _Key.ZoomIn, "")
        self.smaller = self._action(tr("Smaller photos"), None, _Key.ZoomOut, "")
        self.usual_size = self._action(tr("Usual size"), None, "Ctrl+0", "")
        self.indexing = IndexingMenu(window)
        self.tool_bar = self._make_tool_bar()
        self._fill_menus()

    def by_name(self) -> dict[str, QAction]:
        """All commands but those that are never needed by key, by names that do not change."""
        named = {name: value for name, value in vars(self).items() if isinstance(value, QAction)}
        return {name: action for name, action in named.items() if action is not self.about}

    def _action(
        self, text: str, icon: str | None, key: QKeySequence.StandardKey | str | None, hint: str
    ) -> QAction:
        action = QAction(text, self._window)
        if icon is not None:
            self._icons.dress(action, action.setIcon, icon)
        if key is not None:
            action.setShortcuts([QKeySequence(key)] if isinstance(key, str) else key)
        if hint:
            action.setProperty(HINT, hint)
            action.setToolTip(with_keys(hint, action))
        self._window.addAction(action)  # so that its keys work while menus and bar are hidden
        return action

    def _make_tool_bar(self) -> QToolBar:
        bar = QToolBar(tr("Tool bar"), self._window)
        bar.setObjectName("tool_bar")
        bar.setMovable(False)
        bar.setIconSize(QSize(3 * SPACING_PX, 3 * SPACING_PX))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.addActions([self.back, self.forward, self.library])
        bar.addSeparator()
        bar.addActions([self.open, self.paste, self.find_similar, self.refine])
        bar.addSeparator()
        bar.addAction(self.networks)
        for action in (self.back, self.forward):
            button = bar.widgetForAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)  # type: ignore[attr-defined]
            button.setAccessibleName(action.text())
        for more in bar.findChildren(QToolButton, "qt_toolbar_ext_button"):
            more.setAccessibleName(tr("More commands"))  # there where the window is narrow
        self._window.addToolBar(bar)
        return bar

    def _fill_menus(self) -> None:
        bar = self._window.menuBar()
        file_menu = bar.addMenu(tr("&File"))
        file_menu.addActions([self.open, self.add_folder])
        file_menu.addSeparator()
        file_menu.addAction(self.export)
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        edit_menu = bar.addMenu(tr("&Edit"))
        edit_menu.addAction(self.undo_trash)
        edit_menu.addSeparator()
        edit_menu.addActions([self.paste, self.find_similar, self.part, self.words])
        edit_menu.addActions([self.recent, self.save_search])
        edit_menu.addSeparator()
        edit_menu.addActions([self.select_all, *self.of_photos])
        view_menu = bar.addMenu(tr("&View"))
        view_menu.addActions([self.back, self.forward, self.library, self.refine])
        view_menu.addActions([self.compare, self.matches])
        view_menu.addSeparator()
        view_menu.addActions([self.larger, self.smaller, self.usual_size])
        tools_menu = bar.addMenu(tr("&Tools"))
        tools_menu.addActions([self.networks, self.model_choice, self.duplicates, self.map])
        tools_menu.addMenu(self.indexing)
        tools_menu.addAction(self.analysis)
        tools_menu.addSeparator()
        tools_menu.addAction(self.settings)
        self.help_menu = bar.addMenu(tr("&Help"))
        self.help_menu.addActions([self.keys, self.privacy, self.about])

    def _on_about(self) -> None:
        from .settings.about_dialog import AboutDialog  # the window should not wait for it

        AboutDialog(self._window).open()
