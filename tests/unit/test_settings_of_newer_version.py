# SPDX-License-Identifier: MIT
"""Settings that a newer version of the program wrote stay in the file when this one saves."""

import json
import logging

import pytest

from gallery_search import settings
from gallery_search.pipeline.preferences import Preferences
from gallery_search.settings import Settings

UNKNOWN = {"palette": ["warm", {"tint": 3}], "is_sharing": False, "zoom": 1.5, "who": None}


def write(path, values):
    """As `save` of whatever version writes it."""
    path.write_text(json.dumps(values | {"checksum": settings._checksum(values)}))


def values(path):
    stored = json.loads(path.read_text())
    del stored["checksum"]
    return stored


@pytest.fixture
def newer(tmp_path):
    path = tmp_path / "settings.json"
    write(path, UNKNOWN | {"backbone": "vgg16", "device": "npu", "share": 0.3, "is_paused": True})
    return path


def test_what_is_not_known_is_kept_and_told(newer, caplog):
    loaded = settings.load(newer)
    assert loaded == Settings(backbone="vgg16", is_paused=True)
    assert all(name in caplog.text for name in (*UNKNOWN, "'npu'"))
    settings.save(newer, loaded)
    expected = UNKNOWN | {"backbone": "vgg16", "device": "npu", "share": 0.3, "is_paused": True}
    assert expected.items() <= values(newer).items()
    assert values(newer.parent / "backups" / newer.name) == values(newer)
    assert settings.load(newer) == loaded


def test_what_the_user_chooses_here_takes_the_place_of_an_unknown_value(newer):
    preferences = Preferences(newer, settings.load(newer))
    preferences.keep(is_paused=False, device="cpu")
    stored = values(newer)
    assert (stored["device"], stored["is_paused"], stored["share"]) == ("cpu", False, 0.3)
    assert UNKNOWN.items() <= stored.items()
    preferences.keep(device="auto", share="half")
    assert (values(newer)["device"], values(newer)["share"]) == ("auto", "half")


def test_a_network_that_is_not_known_stays_chosen_for_the_version_that_knows_it(newer):
    write(newer, {"backbone": "of-tomorrow"})
    Preferences(newer, Settings()).keep(is_paused=True)
    assert values(newer)["backbone"] == "of-tomorrow"


def test_what_the_copy_of_a_damaged_file_holds_is_kept(newer):
    settings.save(newer, settings.load(newer))
    newer.write_bytes(newer.read_bytes()[:-9])
    settings.save(newer, settings.load(newer))
    assert (values(newer)["zoom"], values(newer)["device"]) == (1.5, "npu")


def test_a_file_taken_away_by_hand_does_not_come_back(newer, caplog):
    caplog.set_level(logging.WARNING)
    settings.save(newer, settings.load(newer))
    newer.unlink()
    settings.save(newer, settings.load(newer))
    assert settings.load(newer) == Settings()
    assert "zoom" not in values(newer)
