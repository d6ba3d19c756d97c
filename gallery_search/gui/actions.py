# SPDX-License-Identifier: MIT
"""The commands of the window, with their keys, in the tool bar and the menus."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QToolBar, QToolButton

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
    """

    def __init__(self, window: QMainWindow, icons: Icons) -> None:
        self._window = window
        self._icons = icons
        self.back = self._action("Back", "back", _Key.Back, "Back to what was shown before")
        self.forward = self._action("Forward", "forward", _Key.Forward, "Forward again")
        self.library = self._action("Library", "library", None, "Show all photos, newest first")
        self.library.setShortcuts([QKeySequence(Qt.Key.Key_Escape), QKeySequence("Alt+Home")])
        self.open = self._action("Open image…", "image", _Key.Open, "Search for an image file")
        self.paste = self._action(
            "Paste", "paste", _Key.Paste, "Search for the image, file or path on the clipboard"
        )
        self.find_similar = self._action(
            "Find similar", "similar", None, "Search for photos like the selected one (S)"
        )
        self.part = self._action("Search a part…", "part", "Ctrl+R", "")
        self.matches = self._action("Show what matches", None, "W", "")
        self.words = self._action(
            "Search by words", "words", _Key.Find, "Type what is to be seen on the photos"
        )
        self.words.setVisible(False)  # until a network answers that knows words
        self.recent = self._action("Recent searches…", "recent", "Ctrl+Shift+H", "")
        self.save_search = self._action("Save this search…", None, _Key.Save, "")
        self.compare = self._action(
            "Compare", None, "Ctrl+K", "Look at two to four selected photos side by side"
        )
        self.refine = self._action(
            "Refine", "refine", "Ctrl+Shift+F", "Say which photos a search may find"
        )
        self.refine.setCheckable(True)
        self.networks = self._action(
            "Networks…", "network", "Ctrl+Shift+N", "Choose the network that decides what is alike"
        )
        self.networks.setIconText("Networks")
        self.duplicates = self._action(
            "Duplicates…", None, "Ctrl+D", "Find photos that are there twice"
        )
        self.map = self._action(
            "Map…", None, "Ctrl+Shift+M", "See all photos laid out by how alike they are"
        )
        self.add_folder = self._action("Add folder…", "add-folder", None, "Watch a photo folder")
        self.export = self._action("Export list…", None, "Ctrl+E", "")
        self.quit = self._action("Quit", None, _Key.Quit, "Close Gallery Search")
        if not self.quit.shortcuts():  # Windows has no standard key for it
            self.quit.setShortcut(QKeySequence("Ctrl+Q"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.keys = self._action("Keyboard shortcuts", None, _Key.HelpContents, "")
        if not self.keys.shortcuts():  # a Mac's standard key is another one
            self.keys.setShortcut(QKeySequence("F1"))
        self.settings = self._action("Settings…", None, "Ctrl+,", "")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.privacy = self._action("Privacy…", None, None, "")
        self.about = self._action("About Gallery Search", None, None, "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.about.triggered.connect(self._on_about)
        self.select_all = self._action("Select all", None, _Key.SelectAll, "")
        self.copy = self._action("Copy", None, _Key.Copy, "")
        self.copy_image = self._action("Copy image", None, "Ctrl+Alt+C", "")
        self.copy_paths = self._action("Copy paths", None, "Ctrl+Shift+C", "")
        self.copy_to_folder = self._action("Copy to folder…", None, None, "")
        # Not the standard keys for deleting: under X11 Ctrl+D is one of them.
        self.trash = self._action("Move to trash…", None, "Del", "")
        self.of_photos = (
            self.copy,
            self.copy_image,
            self.copy_paths,
            self.copy_to_folder,
            self.trash,
        )
        self.undo_trash = self._action("Undo move to trash", None, _Key.Undo, "")
        self.undo_trash.setEnabled(False)
        self.larger = self._action("Larger photos", None, _Key.ZoomIn, "")
        self.smaller = self._action("Smaller photos", None, _Key.ZoomOut, "")
        self.usual_size = self._action("Usual size", None, "Ctrl+0", "")
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
        bar = QToolBar("Tool bar", self._window)
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
            more.setAccessibleName("More commands")  # there where the window is narrow
        self._window.addToolBar(bar)
        return bar

    def _fill_menus(self) -> None:
        bar = self._window.menuBar()
        file_menu = bar.addMenu("&File")
        file_menu.addActions([self.open, self.add_folder])
        file_menu.addSeparator()
        file_menu.addAction(self.export)
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        edit_menu = bar.addMenu("&Edit")
        edit_menu.addAction(self.undo_trash)
        edit_menu.addSeparator()
        edit_menu.addActions([self.paste, self.find_similar, self.part, self.words])
        edit_menu.addActions([self.recent, self.save_search])
        edit_menu.addSeparator()
        edit_menu.addActions([self.select_all, *self.of_photos])
        view_menu = bar.addMenu("&View")
        view_menu.addActions([self.back, self.forward, self.library, self.refine])
        view_menu.addActions([self.compare, self.matches])
        view_menu.addSeparator()
        view_menu.addActions([self.larger, self.smaller, self.usual_size])
        tools_menu = bar.addMenu("&Tools")
        tools_menu.addActions([self.networks, self.duplicates, self.map])
        tools_menu.addMenu(self.indexing)
        tools_menu.addSeparator()
        tools_menu.addAction(self.settings)
        bar.addMenu("&Help").addActions([self.keys, self.privacy, self.about])

    def _on_about(self) -> None:
        from .settings.about_dialog import AboutDialog  # the window should not wait for it

        AboutDialog(self._window).open()
