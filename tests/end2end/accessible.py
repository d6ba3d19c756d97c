# SPDX-License-Identifier: MIT
"""The accessibility tree (AT-SPI) of the programs on a desktop: what a screen reader would get.

The tree is read by a helper process, because only the system's Python has the bindings; see
accessible_helper.py. Large tables and lists give the items in view alone.
"""

import contextlib
import json
import select
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SYSTEM_PYTHON = "/usr/bin/python3"

# A container with more children than this is read by what its view shows.
MAX_CHILDREN = 200

_ANSWER_LIMIT_S = 30.0


class AccessibilityError(Exception):
    """The tree cannot be read just now: the helper or a program does not answer."""


@dataclass(frozen=True, slots=True)
class Node:
    """One item of the tree, as it was when it was read.

    Attributes:
        id: names the item to the helper.
        role: what kind of thing it is, such as "push button", "label" or "table cell".
        states: such as "showing", "enabled", "focused", "selected", "checked".
        x: left edge on the screen in pixels; likewise `y`, `width` and `height`.
        value: of progress bars, sliders and the like, else None.
        text: of text fields, else None.
        row: of a table cell, else None; likewise `column`.
        child_count: how many children it has, which may be more than `children` holds.
        children: empty in the answers of `find` and `find_all`.
    """

    id: int
    role: str
    name: str
    description: str
    states: frozenset[str]
    x: int
    y: int
    width: int
    height: int
    value: float | None
    text: str | None
    row: int | None
    column: int | None
    child_count: int
    children: tuple["Node", ...]

    @classmethod
    def from_answer(cls, answer: dict[str, Any], scale: float) -> Self:
        """Make a node of what the helper tells, which is in Qt's pixels: `scale` real ones."""
        fields = dict(answer)
        x, y, width, height = (round(number * scale) for number in fields.pop("extents"))
        return cls(
            **fields
            | {
                "states": frozenset(fields["states"]),
                "children": tuple(
                    cls.from_answer(child, scale) for child in fields.get("children", ())
                ),
            },
            x=x,
            y=y,
            width=width,
            height=height,
        )

    @property
    def center(self) -> tuple[int, int]:
        """The point of the screen to click at."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def is_showing(self) -> bool:
        return "showing" in self.states

    @property
    def is_enabled(self) -> bool:
        return "enabled" in self.states

    def walk(self) -> Iterator["Node"]:
        """This item and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __str__(self) -> str:
        parts = [self.role, repr(self.name)]
        if self.description:
            parts.append(f"({self.description})")
        if self.text is not None and self.text != self.name:
            parts.append(f"text={self.text!r}")
        if self.value is not None:
            parts.append(f"value={self.value:g}")
        if self.row is not None:
            parts.append(f"[{self.row}, {self.column}]")
        parts.append(f"{self.width}x{self.height}+{self.x}+{self.y}")
        told = self.states & {"checked", "focused", "selected"}
        if not self.is_showing:
            told |= {"not showing"}
        if not self.is_enabled:
            told |= {"disabled"}
        return " ".join(parts + sorted(told))


class Accessibility:
    """Reads the tree of the programs that were started with an environment.

    `scale` is Qt's scale factor in that environment: Qt divides all places on the screen by it.
    `app` is a process id, an application's name, or None for all programs. Every method raises
    AccessibilityError where a program or the helper does not answer.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, scale: float = 1.0) -> None:
        self._environment = environment
        self._log = log
        self._scale = scale
        self._helper: subprocess.Popen[bytes] | None = None

    def applications(self) -> dict[int, str]:
        """Process ids and names of the programs that show a tree."""
        return {one["pid"]: one["name"] for one in self._ask("applications")}

    def find(
        self,
        app: int | str | None,
        role: str | None = None,
        name: str | None = None,
        *,
        showing: bool = True,
    ) -> Node | None:
        """The first item with a role whose name matches a regular expression; None if none."""
        found = self._find(app, role, name, showing, first=True)
        return found[0] if found else None

    def find_all(
        self,
        app: int | str | None,
        role: str | None = None,
        name: str | None = None,
        *,
        showing: bool = True,
    ) -> list[Node]:
        """All such items, in the order of the tree: table cells by rows."""
        return self._find(app, role, name, showing, first=False)

    def tree(self, app: int | str | None, *, showing: bool = True) -> list[Node]:
        """The whole trees of the programs, one root each."""
        answer = self._ask("tree", app=app, showing=showing, max_children=MAX_CHILDREN)
        return [Node.from_answer(root, self._scale) for root in answer]

    def texts(self, app: int | str | None) -> list[str]:
        """Everything that can be read on the screen: names, and the content of text fields."""
        nodes = [node for root in self.tree(app) for node in root.walk()]
        return [text for node in nodes for text in (node.text or node.name,) if text]

    def dump(self, app: int | str | None = None, *, showing: bool = True) -> str:
        """The tree for people, one item a line."""

        def lines(node: Node, depth: int) -> Iterator[str]:
            yield "  " * depth + str(node)
            for child in node.children:
                yield from lines(child, depth + 1)
            if len(node.children) < node.child_count:
                yield f"{'  ' * (depth + 1)}... {len(node.children)} of {node.child_count}"

        roots = self.tree(app, showing=showing)
        return "\n".join(line for root in roots for line in lines(root, 0))

    def read(self, node: Node) -> Node | None:
        """The same item as it is now, without its children; None once it is gone."""
        answer = self._ask("read", item_id=node.id)
        return None if answer is None else Node.from_answer(answer, self._scale)

    def press(self, node: Node, action: str | None = None) -> None:
        """Do an item's first action, or the one with a name; ValueError where it has none."""
        if not self._ask("press", item_id=node.id, action=action):
            raise ValueError(f"{node} cannot be pressed")

    def close(self) -> None:
        """End the helper; the next question starts a new one."""
        helper, self._helper = self._helper, None
        if helper is not None:
            assert helper.stdin is not None
            assert helper.stdout is not None
            helper.kill()
            helper.wait()
            with contextlib.suppress(BrokenPipeError):
                helper.stdin.close()
            helper.stdout.close()

    def _find(
        self, app: int | str | None, role: str | None, name: str | None, showing: bool, first: bool
    ) -> list[Node]:
        answer = self._ask(
            "find",
            app=app,
            role=role,
            name=name,
            showing=showing,
            max_children=MAX_CHILDREN,
            first=first,
        )
        return [Node.from_answer(one, self._scale) for one in answer]

    def _ask(self, request: str, **details: Any) -> Any:
        if self._helper is None:
            self._helper = self._start()
        stdin, stdout = self._helper.stdin, self._helper.stdout
        assert stdin is not None
        assert stdout is not None
        line = b""
        with contextlib.suppress(BrokenPipeError):
            stdin.write(json.dumps({"request": request} | details).encode() + b"\n")
            stdin.flush()
            while not line.endswith(b"\n"):
                if not select.select([stdout], [], [], _ANSWER_LIMIT_S)[0]:
                    break
                if not (part := stdout.read(1 << 20)):
                    break
                line += part
        if not line.endswith(b"\n"):
            self.close()
            raise AccessibilityError(f"no answer from the helper; see {self._log}")
        answer = json.loads(line)
        if "error" in answer:
            raise AccessibilityError(answer["error"])
        return answer["answer"]

    def _start(self) -> subprocess.Popen[bytes]:
        script = Path(__file__).with_name("accessible_helper.py")
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [SYSTEM_PYTHON, "-W", "ignore::DeprecationWarning", str(script)],
                env=dict(self._environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
