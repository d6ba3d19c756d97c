# SPDX-License-Identifier: MIT
"""Answers questions about the accessibility tree, one line of JSON each; see accessible.py.

Run by the system's Python, which has the bindings of AT-SPI (Debian: python3-pyatspi). It knows
no more of a program than a screen reader does.
"""

from __future__ import annotations

import json
import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402

_ANSWER_LIMIT_MS = 5000  # a program that starts up may not answer for a second or two
_DEPTH_LIMIT = 50
_KEPT_ITEMS = 20_000
_PROBE_STEP_PX = 24  # finer than any row or tile
_ROLE_NAMES = {"button": "push button"}  # newer libraries renamed it


class _Reader:
    """Reads trees; every item that it names gets a number, by which it can be pressed later."""

    def __init__(self) -> None:
        Atspi.init()
        Atspi.set_timeout(_ANSWER_LIMIT_MS, _ANSWER_LIMIT_MS)
        self._items: OrderedDict[int, Any] = OrderedDict()
        self._last_id = 0

    # --- requests -----------------------------------------------------------------------------

    def applications(self) -> list[dict[str, Any]]:
        return [
            {"name": _name(application), "pid": application.get_process_id()}
            for application in _applications(None)
        ]

    def tree(self, app: int | str | None, showing: bool, max_children: int) -> list[dict[str, Any]]:
        return [
            self._branch(application, showing, max_children, 0)
            for application in _applications(app)
        ]

    def find(
        self,
        app: int | str | None,
        role: str | None,
        name: str | None,
        showing: bool,
        max_children: int,
        first: bool,
    ) -> list[dict[str, Any]]:
        pattern = re.compile(name) if name is not None else None
        found = []
        for application in _applications(app):
            below = _walk(application, showing, max_children, 0)
            next(below)  # the program itself, which has no place on the screen
            for item in below:
                try:
                    if role is not None and _role(item) != role:
                        continue
                    if pattern is not None and not pattern.search(_name(item)):
                        continue
                    found.append(self._describe(item))
                except GLib.Error:  # it went away while it was read
                    continue
                if first:
                    return found
        return found

    def read(self, item_id: int) -> dict[str, Any] | None:
        try:
            return self._describe(self._items[item_id], item_id)
        except (KeyError, GLib.Error):
            return None

    def press(self, item_id: int, action: str | None) -> bool:
        item = self._items[item_id]
        if "Action" not in item.get_interfaces():
            return False
        count = Atspi.Action.get_n_actions(item)
        names = [Atspi.Action.get_action_name(item, i) for i in range(count)]
        if not names or (action is not None and action not in names):
            return False
        place = 0 if action is None else names.index(action)
        return bool(Atspi.Action.do_action(item, place))

    # --- what an item tells of itself ---------------------------------------------------------

    def _branch(self, item: Any, showing: bool, max_children: int, depth: int) -> dict[str, Any]:
        described = self._describe(item)
        described["children"] = []
        if depth < _DEPTH_LIMIT:
            for child in _children(item, showing, max_children):
                try:
                    branch = self._branch(child, showing, max_children, depth + 1)
                except GLib.Error:
                    continue
                described["children"].append(branch)
        return described

    def _describe(self, item: Any, item_id: int | None = None) -> dict[str, Any]:
        if item_id is None:
            self._last_id += 1
            item_id = self._last_id
            self._items[item_id] = item
            if len(self._items) > _KEPT_ITEMS:
                self._items.popitem(last=False)
        interfaces = item.get_interfaces()
        described: dict[str, Any] = {
            "id": item_id,
            "role": _role(item),
            "name": _name(item),
            "description": item.get_description() or "",
            "states": sorted(state.value_nick for state in item.get_state_set().get_states()),
            "child_count": item.get_child_count(),
            "extents": _extents(item) if "Component" in interfaces else [0, 0, 0, 0],
            "value": None,
            "text": None,
            "row": None,
            "column": None,
        }
        if "Value" in interfaces:
            described["value"] = Atspi.Value.get_current_value(item)
        if "Text" in interfaces:
            described["text"] = Atspi.Text.get_text(item, 0, -1)
        if "TableCell" in interfaces:
            _, described["row"], described["column"] = Atspi.TableCell.get_position(item)
        return described


def _applications(app: int | str | None) -> Iterator[Any]:
    """The programs with a process id or a name; all of them for None."""
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        try:
            application = desktop.get_child_at_index(number)
            if application is None:
                continue
            # What the library remembers is only kept up to date by events that need a main loop.
            application.set_cache_mask(Atspi.Cache.NONE)
            if app is None or app in (application.get_process_id(), _name(application)):
                yield application
        except GLib.Error:  # it has just ended
            continue


def _walk(item: Any, showing: bool, max_children: int, depth: int) -> Iterator[Any]:
    yield item
    if depth < _DEPTH_LIMIT:
        for child in _children(item, showing, max_children):
            yield from _walk(child, showing, max_children, depth + 1)


def _children(item: Any, showing: bool, max_children: int) -> Iterator[Any]:
    try:
        count = item.get_child_count()
        children: Iterable[Any]
        if count <= max_children:
            children = map(item.get_child_at_index, range(count))
        elif "Table" in item.get_interfaces():
            children = _visible_cells(item)
        else:
            children = _visible_children(item, count)
        for child in children:
            if child is not None and (not showing or _is_showing(child)):
                yield child
    except GLib.Error:  # the item is gone, or its program does not answer
        return


def _visible_cells(table: Any) -> Iterator[Any]:
    """The cells of a table that are inside its view, by rows; asks no other cell for anything."""
    cell = _probe(table)
    if cell is None:
        return
    _, row, column = Atspi.TableCell.get_position(cell)

    def at(row: int, column: int) -> Any:
        return Atspi.Table.get_accessible_at(table, row, column)

    rows = _range_showing(lambda r: at(r, column), row, Atspi.Table.get_n_rows(table))
    columns = _range_showing(lambda c: at(row, c), column, Atspi.Table.get_n_columns(table))
    for r in rows:
        for c in columns:
            yield at(r, c)


def _visible_children(container: Any, count: int) -> Iterator[Any]:
    """The children of a long list that are inside its view, in order."""
    child = _probe(container)
    if child is not None:
        start = child.get_index_in_parent()
        for index in _range_showing(container.get_child_at_index, start, count):
            yield container.get_child_at_index(index)


def _range_showing(at: Any, start: int, count: int) -> range:
    """The places around `start` whose items show, out of 0 to `count`."""
    first = last = start
    while first > 0 and _is_showing(at(first - 1)):
        first -= 1
    while last + 1 < count and _is_showing(at(last + 1)):
        last += 1
    return range(first, last + 1)


def _probe(container: Any) -> Any:
    """Some item that lies inside a container's view, or None where it shows none."""
    x, y, width, height = _extents(container)
    for y_offset in range(_PROBE_STEP_PX // 2, height, _PROBE_STEP_PX):
        for x_offset in range(_PROBE_STEP_PX // 2, width, _PROBE_STEP_PX):
            item = Atspi.Component.get_accessible_at_point(
                container, x + x_offset, y + y_offset, Atspi.CoordType.SCREEN
            )
            if item is not None and _role(item) in ("table cell", "list item", "tree item"):
                return item
    return None


def _is_showing(item: Any) -> bool:
    return item is not None and bool(item.get_state_set().contains(Atspi.StateType.SHOWING))


def _role(item: Any) -> str:
    role = str(item.get_role().value_nick).replace("-", " ")
    return _ROLE_NAMES.get(role, role)


def _name(item: Any) -> str:
    return item.get_name() or ""


def _extents(item: Any) -> list[int]:
    box = Atspi.Component.get_extents(item, Atspi.CoordType.SCREEN)
    return [box.x, box.y, box.width, box.height]


def main() -> None:
    """Answer requests until standard input ends."""
    reader = _Reader()
    requests: dict[str, Callable[..., Any]] = {
        "applications": reader.applications,
        "tree": reader.tree,
        "find": reader.find,
        "read": reader.read,
        "press": reader.press,
    }
    for line in sys.stdin:
        context = GLib.MainContext.default()
        while context.iteration(False):  # programs that came and went since the last question
            pass
        request = json.loads(line)
        try:
            answer = {"answer": requests[request.pop("request")](**request)}
        except (GLib.Error, KeyError) as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
