# SPDX-License-Identifier: MIT
"""Another backbone takes over: in the background, at once where it was active before."""

import shutil
import sqlite3
from pathlib import Path

import generated_weights
import pytest
from drawn_photos import draw, draw_gallery, write, write_backlog
from msgspec.structs import replace
from open_library import OpenLibrary, assert_intact, query, wait_until
from phone_photos import Phones

from gallery_search import settings
from gallery_search.backbone_status import BackboneStatus
from gallery_search.embedding import weights
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.errors import CatalogueError
from gallery_search.pipeline.storing.space import Space
from gallery_search.queries import CombinedSource, QueryPart, QueryRequest
from gallery_search.records import (
    BackbonesChanged,
    DecodeFailure,
    IndexProgress,
    PathSource,
    TextSource,
)

OTHER = "mobilenet-v3-small"


@pytest.fixture(scope="session")
def other_models(tmp_path_factory) -> Path:
    """Generated weights of the other backbone, and its network converted from them."""
    models = tmp_path_factory.mktemp("other") / "models"
    generated_weights.write(backbone(OTHER), models)
    OpenVinoEmbedder(backbone(OTHER), models).close()
    return models


@pytest.fixture
def both(indexed, other_models):
    """The indexed library, with the other backbone's weights beside."""
    shutil.copytree(other_models, indexed.root / "models", dirs_exist_ok=True)
    return indexed


def status(library: OpenLibrary, name: str) -> BackboneStatus:
    told = library.events.after(BackbonesChanged, library.library.request_backbones)
    return next(entry for entry in told.backbones if entry.name == name)


def wait_active(library: OpenLibrary, name: str) -> None:
    def is_active(events: list[object]) -> bool:
        told = [event for event in events if isinstance(event, BackbonesChanged)]
        return bool(told) and any(
            entry.name == name and entry.role == "active" for entry in told[-1].backbones
        )

    library.events.wait_for(is_active, timeout_s=60)


def embedded(root: Path) -> dict[str, int]:
    return dict(
        query(
            root / "embeddings.db",
            "SELECT backbone, count(*) FROM embeddings WHERE is_live GROUP BY backbone",
        )
    )


def test_another_backbone_takes_over_while_the_old_one_answers(open_library, both):
    library = open_library()
    library.wait_idle(60)
    ready = status(library, OTHER)
    assert (ready.state, ready.role, ready.embedded, ready.total) == ("ready", "idle", 0, 60)

    library.library.use_backbone(OTHER)
    library.wait_progress(lambda p: p.activity == "switching" and p.backbone == OTHER)
    assert library.library.backbone.name == "efficientnet-lite0"
    assert library.search(both.photos[7]).hits[0].path == str(both.photos[7])
    assert status(library, OTHER).role == "incoming"
    wait_active(library, OTHER)
    library.wait_idle(60)
    assert library.library.backbone.name == OTHER
    result = library.search(both.photos[7])
    assert (result.searched, result.total) == (60, 60)
    assert result.hits[0].path == str(both.photos[7])
    assert settings.load(both.root / "settings.json").backbone == OTHER
    assert embedded(both.root) == {"efficientnet-lite0": 60, OTHER: 60}
    library.library.close()

    again = open_library()  # it stays so
    again.wait_idle(60)
    assert again.library.backbone.name == OTHER
    assert again.library.tally.indexed == 0


def test_parts_of_a_query_are_read_anew_for_another_network(open_library, both, tmp_path):
    library = open_library()
    images = [shutil.copy(photo, tmp_path / photo.name) for photo in both.photos[:2]]
    source = CombinedSource(tuple(QueryPart(PathSource(str(image))) for image in images))
    library.search(source)
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    for image in images:
        image.unlink()
    library.library.search(QueryRequest(1000, source, 10, refines=1))
    assert library.answer(1000).reason == f"“{images[0].name}”: The file does not exist."


def test_switching_back_is_instant_and_misses_nothing(open_library, both, tmp_path):
    library = open_library()
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    draw_gallery(tmp_path / "more", 2, first_seed=800)
    library.add(tmp_path / "more")
    library.wait_idle(62)
    assert embedded(both.root) == {"efficientnet-lite0": 60, OTHER: 62}
    removed = library.paths()[str(tmp_path / "more" / "photo-0800.jpg")]

    library.library.use_backbone("efficientnet-lite0")
    library.events.wait_for(
        lambda _events: library.library.backbone.name == "efficientnet-lite0", timeout_s=5
    )
    library.wait_idle(62)  # the two that it did not know are embedded now
    (tmp_path / "more" / "photo-0800.jpg").unlink()
    library.wait_idle(61)
    write(tmp_path / "more" / "photo-0801.jpg", draw(999))
    library.events.wait_for(
        lambda _events: library.library.tally.indexed == 5 and embedded(both.root)[OTHER] == 60
    )
    # The other one forgot what went and what changed, so that it can take over as well.
    library.library.use_backbone(OTHER)
    library.events.wait_for(lambda _events: library.library.backbone.name == OTHER, timeout_s=5)
    library.wait_idle(61)
    result = library.search(tmp_path / "more" / "photo-0801.jpg", limit=100)
    assert result.hits[0].path.endswith("photo-0801.jpg")
    assert removed not in [hit.photo_id for hit in result.hits]
    library.library.close()
    assert embedded(both.root) == {"efficientnet-lite0": 61, OTHER: 61}


def test_a_switch_that_was_interrupted_goes_on_at_the_next_start(open_library, both):
    library = open_library()
    library.wait_idle(60)
    library.library.pause()
    library.library.use_backbone(OTHER)
    library.wait_progress(lambda p: p.activity == "paused")
    library.library.close()
    assert settings.load(both.root / "settings.json").incoming == OTHER

    again = open_library()
    assert again.search(both.photos[3]).hits[0].path == str(both.photos[3])
    again.library.resume()
    wait_active(again, OTHER)
    again.library.close()
    kept = settings.load(both.root / "settings.json")
    assert (kept.backbone, kept.incoming) == (OTHER, "")


def test_a_switch_can_be_withdrawn(open_library, both):
    library = open_library()
    library.wait_idle(60)
    library.library.pause()
    library.library.use_backbone(OTHER)
    library.wait_progress(lambda p: p.activity == "paused")
    library.library.use_backbone("efficientnet-lite0")
    library.library.resume()
    library.wait_idle(60)
    assert status(library, OTHER).role == "idle"
    assert library.search(both.photos[2]).hits[0].path == str(both.photos[2])


def test_a_backbone_without_weights_is_refused_and_the_old_one_goes_on(open_library, both):
    library = open_library()
    library.library.use_backbone("resnet152")
    library.events.wait_for(lambda _events: library.notices)
    assert library.notices[0].startswith("The weights of resnet152 are not here.")
    assert library.search(both.photos[2]).hits[0].path == str(both.photos[2])
    assert settings.load(both.root / "settings.json").incoming == ""


def test_a_network_that_cannot_be_loaded_leaves_the_old_one_in_place(open_library, both):
    for file in (both.root / "models").glob(f"{OTHER}-r*"):
        file.unlink()
    weights_file = weights.folder(both.root / "models") / backbone(OTHER).weights.file_name
    weights_file.write_bytes(b"something else")
    library = open_library()
    library.wait_idle(60)
    library.library.use_backbone(OTHER)
    library.events.wait_for(lambda _events: library.notices, timeout_s=60)
    assert OTHER in library.notices[0]
    library.wait_idle(60)
    assert status(library, OTHER).role == "idle"
    assert library.search(both.photos[2]).hits[0].path == str(both.photos[2])
    assert settings.load(both.root / "settings.json").incoming == ""


def test_an_idle_backbones_data_can_be_deleted(open_library, both):
    library = open_library()
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    library.wait_idle(60)
    library.library.delete_backbone_data(OTHER)  # it answers
    library.events.wait_for(lambda _events: any("is in use" in n for n in library.notices))
    before = status(library, "efficientnet-lite0")
    assert before.embedded == 60
    assert before.data_bytes > 1_000_000
    library.library.delete_backbone_data("efficientnet-lite0")
    library.events.wait_for(lambda _events: embedded(both.root) == {OTHER: 60})
    deleted = status(library, "efficientnet-lite0")
    assert (deleted.state, deleted.embedded, deleted.data_bytes) == ("ready", 0, 0)
    assert not list((both.root / "models").glob("efficientnet-lite0-r*"))

    library.library.use_backbone("efficientnet-lite0")  # from nothing
    wait_active(library, "efficientnet-lite0")
    library.wait_idle(60)
    assert library.search(both.photos[5]).hits[0].path == str(both.photos[5])
    library.library.delete_backbone_data(OTHER)
    library.events.wait_for(lambda _events: embedded(both.root) == {"efficientnet-lite0": 60})
    assert status(library, OTHER).state == "available"


def test_an_older_recipes_embeddings_are_made_anew_and_never_mixed(
    open_library, indexed, library_root
):
    connection = sqlite3.connect(library_root / "embeddings.db")
    connection.execute("UPDATE embeddings SET recipe = 0")
    connection.commit()
    connection.close()
    library = open_library()
    library.wait_idle(60)
    assert library.library.tally.indexed == 60
    assert library.search(indexed.photos[9]).hits[0].path == str(indexed.photos[9])
    library.library.close()
    recipe = backbone("efficientnet-lite0").recipe
    assert query(library_root / "embeddings.db", "SELECT DISTINCT recipe FROM embeddings") == [
        (recipe,)
    ]
    assert_intact(library_root)


def test_words_need_a_network_that_knows_them(open_library, indexed):
    library = open_library()
    reason = library.search_fails(TextSource("a snowy mountain at dusk"))
    assert reason.startswith("The network efficientnet-lite0 knows no words.")


def test_an_incoming_backbone_of_the_settings_that_is_gone_does_no_harm(open_library, both):
    file = both.root / "settings.json"
    settings.save(file, replace(settings.load(file), incoming="no-such-network"))
    library = open_library()
    assert library.search(both.photos[2]).hits[0].path == str(both.photos[2])
    assert any("no backbone" in notice for notice in library.notices)


def test_another_backbone_helps_where_the_active_one_cannot_work(open_library, both, tmp_path):
    file = both.root / "settings.json"
    settings.save(file, replace(settings.load(file), backbone="resnet152"))  # has no weights
    draw_gallery(tmp_path / "more", 20, first_seed=900)
    library = open_library()
    library.events.wait_for(lambda _events: library.notices)
    library.add(tmp_path / "more")
    library.wait_progress(lambda p: p.total == 80)
    assert library.search_fails(both.photos[0]).startswith("The weights of resnet152")
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    library.wait_idle(80)
    assert library.search(both.photos[0]).hits[0].path == str(both.photos[0])


def test_a_backbone_for_one_start_changes_no_settings(open_library, both):
    file = both.root / "settings.json"
    settings.save(file, replace(settings.load(file), incoming=OTHER))
    library = open_library(backbone_name=OTHER)
    library.wait_idle(60)
    library.library.close()
    kept = settings.load(file)
    assert (kept.backbone, kept.incoming) == ("efficientnet-lite0", OTHER)


def test_a_backbone_of_one_start_is_kept_when_the_user_chooses_it(open_library, both):
    file = both.root / "settings.json"
    library = open_library(backbone_name=OTHER)
    library.wait_idle(60)
    library.library.pause()
    library.library.use_backbone("efficientnet-lite0")
    library.wait_progress(lambda p: p.activity == "idle" or p.backbone is not None)
    library.events.wait_for(
        lambda _events: library.library.backbone.name == "efficientnet-lite0", timeout_s=20
    )
    library.library.use_backbone(OTHER)  # it has all photos: at once
    wait_active(library, OTHER)
    library.library.close()
    kept = settings.load(file)
    assert (kept.backbone, kept.incoming) == (OTHER, "")


def test_an_unknown_backbone_in_the_settings_gives_way_to_the_default(open_library, both):
    settings.save(both.root / "settings.json", settings.Settings(backbone="of-the-future"))
    library = open_library()
    library.wait_idle(60)
    assert library.library.backbone.name == "efficientnet-lite0"


def test_an_index_of_embeddings_that_were_lost_is_not_used(open_library, both):
    library = open_library()
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    library.wait_idle(60)
    library.library.close()
    for path in both.root.glob("embeddings.db*"):
        path.unlink()
    library = open_library()
    library.wait_idle(60)  # embedded with the active one again
    library.library.use_backbone("efficientnet-lite0")
    library.wait_progress(lambda p: p.activity == "switching" and p.indexed < 60)
    wait_active(library, "efficientnet-lite0")
    library.wait_idle(60)
    assert embedded(both.root) == {"efficientnet-lite0": 60, OTHER: 60}
    result = library.search(both.photos[11])
    assert (result.searched, result.hits[0].path) == (60, str(both.photos[11]))


def test_rate_and_time_left_are_told_after_a_switch(open_library, both, tmp_path):
    library = open_library()
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    library.wait_idle(60)
    before = library.library.tally.indexed
    draw_gallery(tmp_path / "more", 5, first_seed=700)
    library.add(tmp_path / "more")
    library.wait_idle(65)
    assert library.library.tally.indexed == before + 5


def test_a_switch_tells_how_far_it_is(open_library, both, tmp_path):
    write_backlog(tmp_path / "photos", 240)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(300, timeout_s=40)
    library.library.use_backbone(OTHER)
    wait_active(library, OTHER)
    told = [
        status.embedded
        for event in library.events.of(BackbonesChanged)
        for status in event.backbones
        if status.name == OTHER and status.role == "incoming"
    ]
    assert told == sorted(told)
    assert any(0 < embedded < 300 for embedded in told)
    rates = [p.photos_per_second for p in library.events.of(IndexProgress) if p.backbone == OTHER]
    assert any(rate is not None and rate > 0 for rate in rates)


def test_a_switch_that_the_database_refuses_changes_nothing_until_it_can_be_made(
    open_library, both, monkeypatch
):
    library = open_library()
    library.wait_idle(60)

    def refuse(_space: Space) -> None:
        raise CatalogueError("The disk is full. Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(Space, "load", refuse)
        library.library.use_backbone(OTHER)
        library.events.wait_for(lambda _events: "The disk is full" in str(library.notices))
        assert status(library, OTHER).role == "idle"
        assert settings.load(both.root / "settings.json").incoming == ""
    wait_active(library, OTHER)
    library.wait_idle(60)
    assert library.search(both.photos[4]).searched == 60


# --- photos that are known by their preview -----------------------------------------------------


@pytest.fixture
def phones(monkeypatch, library_root, other_models):
    """A library with both networks, and photos that hold a preview, as the stand-in has it."""
    shutil.copytree(other_models, library_root / "models", dirs_exist_ok=True)
    stand_in = Phones(monkeypatch)
    yield stand_in
    stand_in.go_on()


@pytest.fixture
def phone_folder(tmp_path) -> Path:
    folder = tmp_path / "phones"
    folder.mkdir()
    for seed in range(5):
        write(folder / f"phone-{seed}.jpg", draw(seed))
    return folder


def previews(root: Path) -> tuple[int, int]:
    """How many photos are known by a preview, and how many stored embeddings are of one."""
    return (
        query(root / "catalogue.db", "SELECT count(*) FROM photos WHERE is_preview")[0][0],
        query(root / "embeddings.db", "SELECT count(*) FROM embeddings WHERE is_preview")[0][0],
    )


def test_photos_are_refined_before_another_backbone_embeds_them(
    open_library, phones, phone_folder, library_root
):
    phones.hold()
    library = open_library()
    library.add(phone_folder)
    library.wait_progress(lambda p: p.activity == "refining" and p.total == 5)
    library.library.use_backbone(OTHER)
    phones.go_on()
    wait_active(library, OTHER)
    library.wait_idle(5)
    assert previews(library_root) == (0, 0)
    assert embedded(library_root) == {"efficientnet-lite0": 5, OTHER: 5}


def test_backbone_that_took_over_refines_for_both(open_library, phones, phone_folder, library_root):
    """What the former one has of previews is dropped, and made anew if it is used again."""
    phones.failure = DecodeFailure("There was not enough memory.", is_transient=True)
    with OpenLibrary(library_root) as library:
        library.add(phone_folder)
        library.wait_idle(5)
        assert previews(library_root) == (5, 5)
        library.library.use_backbone(OTHER)
        wait_active(library, OTHER)  # without photos, as none can be read
    phones.failure = None
    with OpenLibrary(library_root) as library:
        wait_until(lambda: previews(library_root) == (0, 0))
        library.wait_idle(5)
        assert embedded(library_root) == {OTHER: 5}
        library.library.use_backbone("efficientnet-lite0")
        wait_active(library, "efficientnet-lite0")
        library.wait_idle(5)
    assert previews(library_root) == (0, 0)
    assert embedded(library_root) == {"efficientnet-lite0": 5, OTHER: 5}
