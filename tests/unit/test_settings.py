# SPDX-License-Identifier: MIT
import json
import os

import pytest
from msgspec.structs import asdict

from gallery_search import settings
from gallery_search.manners import Manners
from gallery_search.settings import Settings


def test_settings_come_back(tmp_path):
    path = tmp_path / "settings.json"
    assert settings.load(path) == Settings()
    chosen = Settings(
        backbone="vgg16",
        incoming="sscd",
        device="cpu",
        is_paused=True,
        share="little",
        is_idle_only=True,
        is_battery_saving=False,
        excluded_folders=("/photos/caf\udce9",),
        excluded_patterns=("*.tmp.jpg", "Screenshots"),
    )
    settings.save(path, chosen)
    assert settings.load(path) == chosen
    assert sorted(os.listdir(tmp_path)) == ["backups", "settings.json"]
    assert os.listdir(tmp_path / "backups") == ["settings.json"]


@pytest.mark.parametrize(
    "stored",
    [
        {"device": "abacus"},
        {"device": 3},
        {"is_paused": "yes"},
        {"is_paused": 1},
        {"share": "most"},
        {"share": 0.5},
        {"is_idle_only": "yes"},
        {"is_battery_saving": 0},
        {"backbone": None},
        {"incoming": 1},
        {"colour": "red"},
        {"excluded_folders": "/photos"},
        {"excluded_patterns": ["*.jpg", 1]},
    ],
)
def test_a_bad_value_falls_back_alone(tmp_path, stored, caplog):
    path = tmp_path / "settings.json"
    good = {
        "backbone": "vgg16",
        "incoming": "sscd",
        "device": "cpu",
        "is_paused": True,
        "share": "half",
        "is_idle_only": True,
        "is_battery_saving": False,
        "excluded_folders": ["/photos/private"],
        "excluded_patterns": ["*.tmp.jpg"],
        "is_remembering": False,
    }
    path.write_text(json.dumps({n: v for n, v in good.items() if n not in stored} | stored))
    loaded = settings.load(path)
    for name, default in asdict(Settings()).items():
        expected = default if name in stored else good[name]
        expected = tuple(expected) if isinstance(expected, list) else expected
        assert getattr(loaded, name) == expected
    assert next(iter(stored)) in caplog.text


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'[["device", "cpu"]]', b"null", b"\xff\xfe", b"[" * 100_000]
)
def test_a_file_that_is_no_json_object_is_kept_beside(tmp_path, content, caplog):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert settings.load(path) == Settings()
    assert (tmp_path / "settings.json.bad").read_bytes() == content
    assert "the defaults are used" in caplog.text
    settings.save(path, Settings(is_paused=True))
    assert settings.load(path).is_paused


def test_a_file_that_cannot_be_read_now_stays(tmp_path, caplog):
    path = tmp_path / "settings.json"
    path.mkdir()
    assert settings.load(path) == Settings()
    assert "cannot be read" in caplog.text
    assert os.listdir(tmp_path) == ["settings.json"]


def test_a_refused_save_leaves_the_old_file_and_nothing_else(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        settings.save(tmp_path / "missing" / "settings.json", Settings())
    path = tmp_path / "settings.json"
    path.mkdir()
    with pytest.raises(OSError, match="settings"):
        settings.save(path, Settings())
    assert os.listdir(tmp_path) == ["settings.json"]


def test_every_changed_byte_is_found_and_the_copy_taken(tmp_path, caplog):
    path = tmp_path / "settings.json"
    chosen = Settings(backbone="vgg16", excluded_patterns=("*.tmp.jpg",), is_paused=True)
    settings.save(path, chosen)
    content = path.read_bytes()
    for place in range(len(content)):
        for damaged in (
            content[:place],
            content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :],
        ):
            path.write_bytes(damaged)
            assert settings.load(path) == chosen, damaged
    assert "taken from" in caplog.text
    path.write_bytes(content[:20])
    (tmp_path / "backups" / "settings.json").write_bytes(content[:30])
    assert settings.load(path) == Settings()


def test_what_the_user_wants_of_indexing():
    assert Settings().manners == Manners("all", is_idle_only=False, is_battery_saving=True)
    chosen = Settings(share="half", is_idle_only=True, is_battery_saving=False)
    assert chosen.manners == Manners("half", is_idle_only=True, is_battery_saving=False)


def test_a_file_edited_by_hand_needs_no_checksum(tmp_path):
    path = tmp_path / "settings.json"
    settings.save(path, Settings())
    values = json.loads(path.read_text())
    del values["checksum"]
    path.write_text(json.dumps(values | {"is_paused": True}))
    assert settings.load(path) == Settings(is_paused=True)


def test_what_a_newer_version_has_set_stays_when_an_older_one_writes(tmp_path):
    path = tmp_path / "settings.json"
    settings.save(path, Settings())
    values = json.loads(path.read_text())
    del values["checksum"]
    path.write_text(json.dumps(values | {"of_a_newer_version": [1, "a"]}))
    settings.save(path, Settings(is_paused=True))
    settings.save(path, Settings(is_paused=False, backbone="vgg16"))
    assert json.loads(path.read_text())["of_a_newer_version"] == [1, "a"]
    assert settings.load(path) == Settings(backbone="vgg16")
