# SPDX-License-Identifier: MIT
"""Which programs of a desktop open photos, by real desktop files in a test's own folders."""

import os
import sys
from pathlib import Path

import pytest

from gallery_search.gui.files.desktop_programs import Program, arguments_of, programs_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its paths are no desktop's")

JPEG = ("image/jpeg",)


class Desktop:
    """A home and a system with desktop files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "HOME": str(folder / "home"),
            "XDG_CONFIG_DIRS": str(folder / "etc"),
            "XDG_DATA_DIRS": f"{folder / 'local'}:{folder / 'share'}",
            "XDG_CURRENT_DESKTOP": "ubuntu:GNOME",
            "PATH": str(folder / "bin"),
        }

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def add(self, program_id: str, name: str, place: str = "share", **keys: str) -> None:
        """Install a program for JPEG files."""
        entry = {"Type": "Application", "Name": name, "Exec": f"{name} %f"}
        entry |= {"MimeType": "image/jpeg;image/png;"} | keys
        lines = "".join(f"{key}={value}\n" for key, value in entry.items())
        self.write(f"{place}/applications/{program_id}", f"[Desktop Entry]\n{lines}")

    def names(self, types: tuple[str, ...] = JPEG) -> list[str]:
        return [program.name for program in programs_for(types, self.environment)]


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    return Desktop(tmp_path)


HOME = "home/.local/share"


def test_programs_that_open_the_type_by_name(desktop: Desktop) -> None:
    desktop.add("b.desktop", "viewer")
    desktop.add("a.desktop", "Zoomer")
    desktop.add("c.desktop", "editor", MimeType="text/plain;image/png")
    desktop.add("kde/d.desktop", "Painter", "local")
    assert desktop.names() == ["Painter", "viewer", "Zoomer"]
    assert desktop.names(("image/png",)) == ["editor", "Painter", "viewer", "Zoomer"]
    assert desktop.names(("image/x-odd", "text/plain")) == ["editor"]
    assert desktop.names(("audio/ogg",)) == []


def test_what_the_user_chose_comes_first(desktop: Desktop) -> None:
    for name in ("a", "b", "c", "d"):
        desktop.add(f"{name}.desktop", name)
    desktop.add("kde/e.desktop", "e", MimeType="")
    desktop.write(
        "home/.config/mimeapps.list",
        "[Default Applications]\nimage/jpeg=c.desktop;gone.desktop\n"
        "[Added Associations]\nimage/jpeg=kde-e.desktop;d.desktop;\nimage/png=a.desktop\n",
    )
    desktop.write("etc/gnome-mimeapps.list", "[Default Applications]\nimage/jpeg=b.desktop\n")
    desktop.write("etc/kde-mimeapps.list", "[Default Applications]\nimage/jpeg=a.desktop\n")
    assert desktop.names() == ["c", "e", "d", "b", "a"]


def test_what_the_user_took_away_is_not_offered(desktop: Desktop) -> None:
    for name in ("a", "b", "c"):
        desktop.add(f"{name}.desktop", name)
    desktop.write(
        "home/.config/mimeapps.list",
        "[Removed Associations]\nimage/jpeg=a.desktop;b.desktop\n"
        "[Added Associations]\nimage/jpeg=b.desktop\n",
    )
    desktop.write(
        "share/applications/mimeapps.list", "[Added Associations]\nimage/jpeg=a.desktop\n"
    )
    assert desktop.names() == ["b", "c"]


def test_the_users_own_desktop_file_replaces_the_systems(desktop: Desktop) -> None:
    desktop.add("a.desktop", "theirs")
    desktop.add("a.desktop", "mine", HOME)
    desktop.add("b.desktop", "deleted")
    desktop.add("b.desktop", "deleted", HOME, Hidden="true")
    assert desktop.names() == ["mine"]


@pytest.mark.parametrize(
    "keys",
    [
        {"Terminal": "true"},
        {"Type": "Link"},
        {"Exec": ""},
        {"TryExec": "not-installed"},
        {"OnlyShowIn": "KDE;XFCE;"},
        {"NotShowIn": "GNOME;"},
    ],
)
def test_what_cannot_be_used_here_is_not_offered(desktop: Desktop, keys: dict[str, str]) -> None:
    desktop.add("a.desktop", "a", **keys)
    assert desktop.names() == []


def test_what_is_installed_and_of_this_desktop_is_offered(desktop: Desktop) -> None:
    desktop.write("bin/tool", "")
    os.chmod(desktop.folder / "bin/tool", 0o755)
    desktop.add("a.desktop", "a", TryExec="tool", OnlyShowIn="GNOME;", NoDisplay="true")
    assert desktop.names() == ["a"]


def test_names_in_the_users_language(desktop: Desktop) -> None:
    desktop.add("a.desktop", "Viewer", **{"Name[de]": "Betrachter", "Name[pt_BR]": "Visualizador"})
    desktop.environment["LANG"] = "de_AT.UTF-8"
    assert desktop.names() == ["Betrachter"]
    desktop.environment["LC_ALL"] = "pt_BR"
    assert desktop.names() == ["Visualizador"]
    desktop.environment["LC_ALL"] = "C"
    assert desktop.names() == ["Viewer"]


def test_files_that_are_none_are_passed_over(desktop: Desktop) -> None:
    desktop.add("good.desktop", "good")
    folder = desktop.folder / "share/applications"
    (folder / "noise.desktop").write_bytes(bytes(range(256)) * 9)
    (folder / "broken.desktop").symlink_to(folder / "nowhere")
    (folder / "folder.desktop").mkdir()
    (folder / "empty.desktop").touch()
    assert desktop.names() == ["good"]


def program(command: str, icon: str = "") -> Program:
    return Program("A viewer", command, icon, "/apps/a.desktop", "", frozenset())


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("view %f", ["view", "/p/a b.jpg"]),
        ("view %U", ["view", "file:///p/a%20b.jpg"]),
        ("view", ["view", "/p/a b.jpg"]),
        ("view --file=%F --half=50%%", ["view", "--file=/p/a b.jpg", "--half=50%"]),
        ('"/opt/a viewer/view" --new %u', ["/opt/a viewer/view", "--new", "file:///p/a%20b.jpg"]),
        ("view %i %m --title %c %k %f", ["view", "--icon", "eye", "--title", "A viewer",
                                         "/apps/a.desktop", "/p/a b.jpg"]),
        (r'view "a \"quoted\" word" %f', ["view", 'a "quoted" word', "/p/a b.jpg"]),
        (r"""sh -c "echo \$0 \`\\\n" '\$' a\ b "" %f""",
         ["sh", "-c", r"echo $0 `\\n", r"\$", "a b", "", "/p/a b.jpg"]),
    ],
)  # fmt: skip
def test_the_command_gets_the_file(command: str, arguments: list[str]) -> None:
    made = arguments_of(program(command, "eye"), "/p/a b.jpg", "file:///p/a%20b.jpg")
    assert made == arguments


def test_names_that_look_like_codes_stay_as_they_are() -> None:
    made = arguments_of(program("view %f %i"), "/p/%u %c.jpg", "")
    assert made == ["view", "/p/%u %c.jpg"]


@pytest.mark.parametrize("command", ['view "%f', " ", "%i"])
def test_a_broken_command_starts_nothing(command: str) -> None:
    with pytest.raises(ValueError, match=r"nothing to start|without end"):
        arguments_of(program(command), "/p/a.jpg", "")
