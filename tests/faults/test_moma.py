# SPDX-License-Identifier: MIT
"""The museum's pictures, from a server that is not always kind, made into a dataset."""

import io
import json
import os
import struct
import threading
import zlib

import pytest
from download_server import Server, fail, serve
from msgspec.structs import replace
from museum import Museum, busy, other, page_that_says_it_is_a_picture, picture, web_page
from PIL import Image
from small_disk import SmallDisk, mounted

from gallery_search import __version__, net
from gallery_search.errors import ExperimentStoppedError, ExternalError
from gallery_search.experiments import datasets
from gallery_search.experiments.artworks import read_artworks
from gallery_search.experiments.fetching import CONNECTIONS, Patience
from gallery_search.experiments.moma import Made, Order, make
from gallery_search.experiments.sampling import draw
from gallery_search.paths import LibraryPaths

HASTY = Patience(pause_s=0.001)


@pytest.fixture
def museum():
    museum = Museum()
    yield museum
    museum.close()
    assert not [t for t in threading.enumerate() if t.name in ("pictures", "artworks")]


@pytest.fixture
def paths(tmp_path):
    return LibraryPaths(tmp_path / "library")


@pytest.fixture
def order(museum, tmp_path):
    return Order(museum.publish(tmp_path / "Artworks.json"), count=6)


def run(order, paths, on_progress=lambda _progress: None, **options):
    """What was warned of, and what was made."""
    warnings = []
    made = make(order, paths, on_progress, warnings.append, **({"patience": HASTY} | options))
    return warnings, made


def drawn(order):
    """The numbers in the order in which they are asked for."""
    return [work.object_id for work in draw(read_artworks(order.artworks), order.count, 0).works]


def files(folder):
    return {path.name for path in folder.iterdir()} - {"dataset.json", "dataset.lock"}


def names(*numbers):
    return {f"moma-{number}.jpg" for number in numbers}


def refusal(order, paths, **options):
    with pytest.raises(ExternalError) as raised:
        run(order, paths, **options)
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


# --- the dataset ----------------------------------------------------------------------------------


def test_a_dataset_has_the_pictures_and_what_they_show(museum, order, paths):
    warnings, made = run(order, paths)
    folder = paths.datasets / "moma-6-seed-0"
    assert made == Made(6, 0, folder)
    assert warnings == []
    assert files(folder) == names(*range(1, 7))
    shown = datasets.images(folder)["moma-4.jpg"]
    assert (shown.title, shown.artist, shown.medium) == (
        "Work 4",
        "Artist 4, Another",
        "Oil on canvas",
    )
    assert (shown.dimensions, shown.date, shown.object_id) == ("10 x 20 cm", "1904", 4)
    content = json.loads((folder / "dataset.json").read_text())
    assert content["missing"] == []
    assert content["program"] == __version__


def test_small_jpegs_stay_as_they_are_and_others_are_fitted(museum, order, paths):
    museum.pictures[1] = picture(1, (1024, 683))
    museum.pictures[2] = picture(2, (200, 900), "PNG")
    museum.pictures[3] = picture(3, (300, 300))
    museum.pictures[4] = picture(4, (40, 30), "WEBP")
    museum.pictures[5] = picture(5, (301, 2))
    _, made = run(order, paths)
    folder = paths.datasets / "moma-6-seed-0"
    assert made.failed == 0
    sizes = {}
    for number in range(1, 7):
        data = (folder / f"moma-{number}.jpg").read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG"
            sizes[number] = image.size
        assert (data == museum.pictures[number]) == (number in (3, 6))
    assert sizes == {
        1: (300, 200),
        2: (67, 300),
        3: (300, 300),
        4: (40, 30),
        5: (300, 2),
        6: (240, 160),
    }


def test_fitted_pictures_look_like_what_was_sent(museum, order, paths):
    museum.pictures[1] = picture(1, (1024, 683))
    run(order, paths)
    with (
        Image.open(io.BytesIO(museum.pictures[1])) as sent,
        Image.open(paths.datasets / "moma-6-seed-0" / "moma-1.jpg") as made,
    ):
        small = sent.convert("RGB").resize((8, 6), Image.Resampling.BOX).tobytes()
        again = made.convert("RGB").resize((8, 6), Image.Resampling.BOX).tobytes()
    assert max(abs(a - b) for a, b in zip(small, again, strict=True)) < 12


def test_the_seed_decides_which(museum, order, paths):
    taken = {}
    for seed in range(4):
        _, made = run(replace(order, count=3, seed=seed), paths)
        taken[seed] = frozenset(datasets.images(paths.datasets / f"moma-3-seed-{seed}"))
        assert made.downloaded == 3
    assert len(set(taken.values())) > 1
    _, again = run(replace(order, count=3, seed=2, name="again"), paths)
    assert frozenset(datasets.images(paths.datasets / "again")) == taken[2]
    assert again.folder == paths.datasets / "again"


def test_where_there_are_fewer_works_all_are_taken_and_it_says_so(order, paths):
    warnings, made = run(replace(order, count=5000), paths)
    assert (made.downloaded, made.failed) == (6, 0)
    assert warnings == ["The file has pictures of fewer than 5,000 works: all 6 are taken."]


def test_progress_counts_to_the_end(order, paths):
    told = []
    run(order, paths, told.append)
    assert (told[-1].step, told[-1].done, told[-1].total) == ("fetching", 6, 6)
    assert [step.done for step in told] == sorted(step.done for step in told)


# --- manners --------------------------------------------------------------------------------------


def test_few_connections_and_a_name(museum, paths, tmp_path):
    museum.pictures = {number: picture(number) for number in range(1, 13)}
    run(Order(museum.publish(tmp_path / "more.json"), count=12), paths)
    assert museum.most_at_once == CONNECTIONS == 2
    assert museum.agents == {f"gallery-search/{__version__}"}
    assert sorted(museum.asked) == list(range(1, 13))


def test_nothing_is_asked_for_twice(museum, order, paths):
    _, first = run(order, paths)
    museum.asked.clear()
    _, second = run(order, paths)
    assert museum.asked == []
    assert second == first


def test_without_the_file_the_draw_is_remembered(museum, order, paths):
    _, first = run(order, paths)
    order.artworks.unlink()
    (paths.datasets / "moma-6-seed-0" / "moma-2.jpg").unlink()
    museum.asked.clear()
    _, second = run(replace(order, artworks=None), paths, published=net.Download("http://[/"))
    assert (second, museum.asked) == (first, [2])


def test_trouble_has_the_picture_come_again_after_the_others(museum, order, paths):
    museum.answers[3].extend([busy, fail(500)])
    museum.answers[5].append(lambda handler: handler.connection.close())
    _, made = run(order, paths)
    assert (made.downloaded, made.failed) == (6, 0)
    assert sorted(museum.asked) == [1, 2, 3, 3, 3, 4, 5, 5, 6]
    assert set(museum.asked[:6]) == set(range(1, 7))


def test_a_wait_that_the_server_asks_for_is_kept_by_all_connections(museum, order, paths):
    museum.answers[4].append(fail(429, Retry_After=1))
    _, made = run(order, paths)
    assert made.downloaded == 6
    refused = museum.asked.index(4)
    # The other connection's request may have been under way.
    later = museum.asked_s[refused + 2 :]
    assert later
    assert all(asked_s >= museum.asked_s[refused] + 0.99 for asked_s in later)


def test_a_long_wait_is_told_and_not_waited_for(museum, order, paths):
    for number in museum.pictures:
        museum.answers[number].append(fail(429, Retry_After=3600))
    sentence = refusal(order, paths)
    assert sentence.startswith("Start again in 60 minutes or later: 127.0.0.1 asks")
    assert sentence.endswith("What has come is kept, and the same command goes on from it.")
    assert len(museum.asked) <= CONNECTIONS


def test_a_long_wait_at_the_end_is_a_failure(museum, order, paths):
    last = drawn(order)[-2:]
    museum.answers[last[0]].append(fail(429, Retry_After="9" * 400))
    museum.answers[last[1]].append(busy)
    _, made = run(order, paths)
    assert made.downloaded == 6 - made.failed
    assert made.failed in (1, 2)  # the other may have been under way
    _, made = run(order, paths)
    assert made.failed == 0


def test_a_server_that_fails_is_left_alone(paths, tmp_path):
    museum = Museum(40)
    try:
        for number in museum.pictures:
            museum.answers[number].extend([busy] * 9)
        order = Order(museum.publish(tmp_path / "Artworks.json"), count=40)
        assert "is not able to send the file now (error 503)" in refusal(order, paths)
        assert len(museum.asked) <= HASTY.troubles + CONNECTIONS
        for answers in museum.answers.values():
            answers.clear()
        _, made = run(order, paths)
        assert made.downloaded == 40
    finally:
        museum.close()


def test_a_server_that_has_none_of_the_pictures_is_left_alone(paths, tmp_path):
    museum = Museum(40)
    try:
        for number in museum.pictures:
            museum.answers[number].append(fail(404))
        order = Order(museum.publish(tmp_path / "Artworks.json"), count=40)
        patience = replace(HASTY, refusals=4)
        assert "Of the last 4 pictures none could be had" in refusal(
            order, paths, patience=patience
        )
        assert len(museum.asked) <= 4 + CONNECTIONS
    finally:
        museum.close()


# --- what fails -----------------------------------------------------------------------------------


def bomb():
    """A PNG of 40,000 by 40,000 pixels in a few bytes."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )


def test_what_fails_is_listed_and_the_rest_comes(museum, order, paths):
    museum.answers[1].append(fail(404))
    museum.answers[2].extend([web_page, web_page])
    museum.answers[3].append(other(b"\xff\xd8\xff" + os.urandom(2000)))
    museum.answers[4].append(other(bomb()))
    museum.answers[5].extend([fail(403), fail(403)])
    warnings, made = run(order, paths)
    folder = paths.datasets / "moma-6-seed-0"
    assert (made.downloaded, made.failed) == (1, 5)
    assert files(folder) == names(6)
    listed = warnings
    assert len(listed) == 5
    assert all(sentence.startswith("“Work ") and sentence.endswith(".") for sentence in listed)
    missing = json.loads((folder / "dataset.json").read_text())["missing"]
    reasons = {entry["object_id"]: (entry["reason"], entry["is_final"]) for entry in missing}
    assert "has no picture at" in reasons[1][0]
    assert "too large" in reasons[4][0]
    assert {number: is_final for number, (_, is_final) in reasons.items()} == {
        1: True,
        2: False,
        3: True,
        4: True,
        5: False,
    }

    museum.asked.clear()  # what cannot be mended by asking again is not asked for again
    run(order, paths)
    assert sorted(museum.asked) == [2, 5]
    museum.asked.clear()
    _, third = run(order, paths)
    assert (third.downloaded, third.failed, sorted(museum.asked)) == (3, 3, [2, 5])


def test_odd_addresses_are_failures_like_others(museum, paths, tmp_path):
    rows = museum.rows()
    odd = ["http://", "http://[/", f"{museum.origin}/a b.jpg", f"{museum.origin}/é.jpg"]
    odd += ["http://127.0.0.1:99999/1.jpg", f"{museum.origin}/\x01.jpg"]
    rows += [rows[0] | {"ObjectID": 100 + n, "ImageURL": url} for n, url in enumerate(odd)]
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(rows))
    warnings, made = run(Order(file, count=12), paths)
    assert (made.downloaded, made.failed) == (6, 6)
    assert sum("Use an address" in sentence for sentence in warnings) == 5  # 99999 is no port


def test_pages_and_pieces_in_place_of_pictures(museum, order, paths):
    museum.answers[1].append(page_that_says_it_is_a_picture)
    museum.answers[2].append(other(museum.pictures[2][:900]))
    museum.answers[3].append(other(b""))
    museum.answers[4].append(other(b"not an image at all"))
    warnings, made = run(order, paths)
    assert (made.downloaded, made.failed) == (2, 4)
    assert any("ends too early" in sentence for sentence in warnings)


def test_a_picture_as_large_as_a_film_is_not_fetched(museum, order, paths):
    limits = replace(HASTY.limits, most_bytes=200_000)
    museum.pictures[2] = picture(2, (900, 900), "BMP")
    warnings, made = run(order, paths, patience=replace(HASTY, limits=limits))
    assert (made.downloaded, made.failed) == (5, 1)
    assert "sends more than" in warnings[0]
    assert files(paths.datasets / "moma-6-seed-0") == names(1, 3, 4, 5, 6)


def test_a_picture_that_never_comes_is_given_up(museum, order, paths):
    museum.answers[2].extend([busy] * HASTY.attempts)
    warnings, made = run(order, paths)
    assert (made.downloaded, made.failed) == (5, 1)
    assert museum.asked.count(2) == HASTY.attempts
    assert "error 503" in warnings[0]


def test_many_failures_are_counted(paths, tmp_path):
    museum = Museum(15)
    try:
        for number in range(1, 13):
            museum.answers[number].append(fail(404))
        order = Order(museum.publish(tmp_path / "Artworks.json"), count=15)
        warnings, made = run(order, paths)
    finally:
        museum.close()
    assert (made.downloaded, made.failed) == (3, 12)
    assert len(warnings) == 11
    assert warnings[-1].startswith("2 more pictures are missing; all are listed in ")


def test_nothing_at_all_is_an_error(museum, order, paths):
    for number in museum.pictures:
        museum.answers[number].append(fail(404))
    assert "None of the pictures could be had. The first: The museum has no" in refusal(
        order, paths
    )


def test_no_network(museum, order, paths):
    museum.close()
    assert "Check the internet connection" in refusal(order, paths)
    museum.server = Server(serve(b""))  # for the fixture to close


# --- going on -------------------------------------------------------------------------------------


def test_a_stopped_run_goes_on_where_it_was(museum, order, paths):
    stop = threading.Event()

    def stop_and_stall(handler):
        stop.set()
        handler.server.given_up.wait()

    museum.answers[drawn(order)[4]].append(stop_and_stall)
    with pytest.raises(ExperimentStoppedError):
        run(order, paths, stop=stop)
    folder = paths.datasets / "moma-6-seed-0"
    kept = set(datasets.images(folder))
    assert len(kept) >= 3
    asked = set(museum.asked)
    museum.asked.clear()
    _, made = run(order, paths)
    assert made.downloaded == 6
    assert names(*museum.asked) & kept == set()
    assert asked | set(museum.asked) == set(range(1, 7))
    assert files(folder) == names(*range(1, 7))


@pytest.mark.parametrize("attempts", [1, 2])
def test_half_a_picture_is_gone_on_with(museum, order, paths, attempts):
    data = museum.pictures[3] = picture(3, (900, 900), "BMP")
    half = len(data) // 2
    museum.answers[3].append(serve(data, '"3"', stop_after=half))
    patience = replace(HASTY, attempts=attempts)
    _, made = run(order, paths, patience=patience)
    assert made.failed == (1 if attempts == 1 else 0)
    _, made = run(order, paths, patience=patience)
    assert (made.downloaded, museum.ranges) == (6, [f"bytes={half}-"])
    assert files(paths.datasets / "moma-6-seed-0") == names(*range(1, 7))


def test_what_a_killed_run_left_counts(museum, order, paths):
    run(order, paths)
    folder = paths.datasets / "moma-6-seed-0"
    content = json.loads((folder / "dataset.json").read_text())
    for entry in content["images"]:  # as it was written before the first picture came
        content["missing"].append(entry | {"reason": None, "is_final": False})
    content["images"] = []
    (folder / "dataset.json").write_text(json.dumps(content))
    (folder / ".incoming").mkdir()
    (folder / "moma-1.jpg").rename(folder / ".incoming" / "1")  # killed before it was decoded
    (folder / ".incoming" / "2").write_bytes(b"killed after it was fitted")
    (folder / ".incoming" / "3.fitted").write_bytes(b"killed in the middle of")
    museum.asked.clear()
    _, made = run(order, paths)
    assert (made.downloaded, museum.asked) == (6, [])
    assert files(folder) == names(*range(1, 7))


def test_a_dataset_is_not_mixed_with_another(museum, order, paths, tmp_path):
    run(replace(order, name="mine"), paths)
    assert "drawn from 6 works with the seed 0" in refusal(
        replace(order, name="mine", seed=1), paths
    )
    museum.pictures = {number: picture(number) for number in range(4, 10)}
    museum.publish(tmp_path / "Artworks.json")
    assert "drawn from another Artworks file" in refusal(replace(order, name="mine"), paths)


def test_a_newer_file_of_the_same_works_mends_addresses(museum, order, paths):
    museum.answers[2].append(fail(404))
    _, first = run(order, paths)
    assert first.failed == 1
    _, same = run(order, paths)
    assert (same.failed, museum.asked.count(2)) == (1, 1)
    text = order.artworks.read_text().replace(museum.url(2), museum.url(2) + "0")
    order.artworks.write_text(text)
    _, mended = run(order, paths)
    assert mended.failed == 0


@pytest.mark.parametrize("name", ["../outside", "a/b", "..", "con", "a\0b"])
def test_names_with_path_characters_are_refused(order, paths, name):
    assert "Choose another name" in refusal(replace(order, name=name), paths)
    assert not paths.root.exists()


def test_texts_of_the_museum_become_no_paths(museum, paths, tmp_path):
    rows = museum.rows()
    rows[0] |= {"Title": "../../etc/passwd", "Artist": "/root\\\0", "ObjectID": "../1"}
    rows[1] |= {"Title": "../../etc/passwd", "Artist": "/root\\\0"}
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(rows))
    _, made = run(Order(file, count=9), paths)
    assert made.downloaded == 5
    assert {path.name for path in paths.root.iterdir()} == {"datasets"}
    assert files(paths.datasets / "moma-9-seed-0") == names(*range(2, 7))


def test_two_at_once_on_one_dataset(museum, order, paths):
    sentences = []
    run(order, paths, lambda _progress: sentences.append(refusal(order, paths)))
    assert all("Wait for the other command" in sentence for sentence in sentences)
    assert sentences


# --- the disk -------------------------------------------------------------------------------------


def test_a_disk_without_room_is_told_at_once(museum, order, paths):
    limits = replace(HASTY.limits, spare_bytes=1 << 60)
    patience = replace(HASTY, limits=limits)
    assert refusal(order, paths, patience=patience).startswith("Make room on the disk of ")
    assert len(museum.asked) <= CONNECTIONS


def test_a_disk_that_fills_up(museum, paths, tmp_path, order):
    for number in museum.pictures:
        museum.pictures[number] = picture(number, (290, 290), quality=100, subsampling=0)
    with mounted(paths.root, "-t", "tmpfs", "-o", "size=2m", "tmpfs") as folder:
        disk = SmallDisk(folder)
        (paths.datasets / "moma-6-seed-0").mkdir(parents=True)
        disk.fill(leave_bytes=80_000)
        patience = replace(HASTY, limits=replace(HASTY.limits, spare_bytes=0))
        assert refusal(order, paths, patience=patience).startswith("Make room on the disk of ")
        disk.empty()
        _, made = run(order, paths, patience=patience)
        assert (made.downloaded, made.failed) == (6, 0)


# --- the museum's file ----------------------------------------------------------------------------


@pytest.fixture
def publish():
    servers = []

    def publish(*answers):
        servers.append(Server(answers[-1], *answers[:-1]))
        return servers[-1], net.Download(servers[-1].url)

    yield publish
    for server in servers:
        server.close()


def test_the_file_is_fetched_once(museum, order, paths, publish):
    server, published = publish(serve(order.artworks.read_bytes()))
    order = replace(order, artworks=None)
    told = []
    _, made = run(order, paths, told.append, published=published)
    assert made.downloaded == 6
    assert {step.step for step in told} == {"the museum's file", "fetching"}
    _, made = run(replace(order, seed=1), paths, published=published)
    assert (made.downloaded, len(server.requests)) == (6, 1)


def test_a_fetched_file_that_is_of_no_use_is_fetched_anew(museum, order, paths, publish):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 116097545\n"
    _, published = publish(serve(pointer), serve(order.artworks.read_bytes()))
    order = replace(order, artworks=None)
    assert "pointer of Git LFS" in refusal(order, paths, published=published)
    _, made = run(order, paths, published=published)
    assert made.downloaded == 6


def test_a_file_that_is_published_no_more(order, paths, publish):
    _, published = publish(fail(404))
    sentence = refusal(replace(order, artworks=None), paths, published=published)
    assert sentence.startswith("Download the museum's Artworks file with a browser and name it")


def test_a_file_without_works(paths, tmp_path):
    file = tmp_path / "Artworks.json"
    file.write_text("[]")
    assert "no work in" in refusal(Order(file), paths)
    assert list(paths.datasets.iterdir()) == []
