# SPDX-License-Identifier: MIT
"""The museum's file in all its forms, and what is not the museum's file."""

import csv
import io
import json
import tracemalloc

import pytest

from gallery_search.errors import ExternalError
from gallery_search.experiments.artworks import Artwork, read_artworks

OLD = {
    "Title": "Ferdinandsbrücke Project, Vienna",
    "Artist": "Otto Wagner",
    "Medium": "Ink and cut-and-pasted painted pages on paper",
    "Dimensions": '19 1/8 x 66 1/2" (48.6 x 168.9 cm)',
    "Date": "1896",
    "ObjectID": 2,
    "URL": "http://www.moma.org/collection/works/2",
    "ThumbnailURL": "http://museum.example/media/2.jpg?sha=137b8455b1ec6167",
    "Height (cm)": 48.6,
}
NEW = {
    "Title": "Villa près de Vienne\r\n(élévation)",
    "Artist": ["Christian de Portzamparc", "Émile Aillaud"],
    "ConstituentID": [7470, 4],
    "Medium": "Oil on canvas",
    "Dimensions": None,
    "Date": "1987",
    "ObjectID": 3,
    "URL": "https://www.moma.org/collection/works/3",
    "ImageURL": "https://museum.example/media/3.jpg?sha=fdcfca4db3acac1f",
    "OnView": "",
}
WITHOUT_PICTURE = NEW | {"ObjectID": 4, "ImageURL": None}
READ_OLD = Artwork(
    2,
    "Ferdinandsbrücke Project, Vienna",
    "Otto Wagner",
    "Ink and cut-and-pasted painted pages on paper",
    '19 1/8 x 66 1/2" (48.6 x 168.9 cm)',
    "1896",
    "http://museum.example/media/2.jpg?sha=137b8455b1ec6167",
)
READ_NEW = Artwork(
    3,
    "Villa près de Vienne\r\n(élévation)",
    "Christian de Portzamparc, Émile Aillaud",
    "Oil on canvas",
    "",
    "1987",
    "https://museum.example/media/3.jpg?sha=fdcfca4db3acac1f",
)
POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:7135f8790aef53eb83e4cb6ddf14fcb66f0f2a9a3da6aa4a2646b41efd8c666a\n"
    "size 116097545\n"
)


def as_table(*rows, delimiter=","):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, columns, delimiter=delimiter, restval="")
    table.writeheader()
    for row in rows:
        texts = {
            name: ", ".join(map(str, value)) if isinstance(value, list) else value
            for name, value in row.items()
        }
        table.writerow(texts)
    return file.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(content, encoding="utf-8"):
        path = tmp_path / "Artworks"
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(data)
        return list(read_artworks(path))

    return read


def refusal(read, content):
    with pytest.raises(ExternalError) as raised:
        read(content)
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_json_of_both_ages(read, indent, is_ascii):
    rows = [OLD, NEW, WITHOUT_PICTURE]
    assert read(json.dumps(rows, indent=indent, ensure_ascii=is_ascii)) == [READ_OLD, READ_NEW]


def test_json_a_row_a_line(read):
    assert read("\n".join(map(json.dumps, [OLD, NEW]))) == [READ_OLD, READ_NEW]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables(read, delimiter):
    assert read(as_table(OLD, NEW, WITHOUT_PICTURE, delimiter=delimiter)) == [READ_OLD, READ_NEW]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings(read, encoding):
    assert read(json.dumps([OLD, NEW], ensure_ascii=False), encoding) == [READ_OLD, READ_NEW]
    assert read(as_table(OLD, NEW, delimiter="\t"), encoding) == [READ_OLD, READ_NEW]


def test_the_thumbnail_is_taken_where_there_are_both(read):
    (work,) = read(json.dumps([NEW | {"ThumbnailURL": OLD["ThumbnailURL"]}]))
    assert work.url == OLD["ThumbnailURL"]
    (work,) = read(json.dumps([NEW | {"ThumbnailURL": ""}]))
    assert work.url == NEW["ImageURL"]


def test_what_the_museum_does_not_say_is_empty(read):
    sparse = {"ObjectID": "12", "ImageURL": " https://museum.example/12.jpg "}
    (work,) = read(json.dumps([sparse]))
    assert work == Artwork(12, "", "", "", "", "", "https://museum.example/12.jpg")
    odd = sparse | {"Title": 1984, "Artist": [None, "A", 7, ["B"]], "Medium": {"oil": True}}
    (work,) = read(json.dumps([odd]))
    assert (work.title, work.artist, work.medium) == ("1984", "A, 7", "")


def test_half_a_character_can_be_written_later(read):
    (work,) = read('[{"ObjectID": 1, "ImageURL": "http://m.example/1", "Title": "a\\ud800b"}]')
    assert work.title == "a?b"


@pytest.mark.parametrize(
    "row",
    [
        7,
        None,
        ["ObjectID", 1],
        NEW | {"ObjectID": None},
        NEW | {"ObjectID": "../../etc/passwd"},
        NEW | {"ObjectID": "1/2"},
        NEW | {"ObjectID": "٣"},
        NEW | {"ObjectID": -3},
        NEW | {"ObjectID": 0},
        NEW | {"ObjectID": True},
        NEW | {"ObjectID": 3.5},
        NEW | {"ObjectID": 10**30},
        NEW | {"ImageURL": ""},
        NEW | {"ImageURL": "file:///etc/passwd"},
        NEW | {"ImageURL": "/media/3.jpg"},
        NEW | {"ImageURL": {"large": "https://museum.example/3.jpg"}},
    ],
)
def test_rows_that_are_no_works_with_a_picture(read, row):
    assert read(json.dumps([row, OLD])) == [READ_OLD]


def test_a_table_with_ragged_rows(read):
    table = as_table(OLD) + "only a title\r\n" + ",".join(["x"] * 40) + "\r\n"
    assert read(table) == [READ_OLD]


# --- not the museum's file ------------------------------------------------------------------------


def test_a_pointer_of_git_lfs(read):
    assert "git lfs pull" in refusal(read, POINTER)
    assert "git lfs pull" in refusal(read, b"\xef\xbb\xbf" + POINTER.encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("<!DOCTYPE html><html>GitHub</html>", "is a web page"),
        ("Title,Artist\r\nA,B\r\n", "has no columns ObjectID and ThumbnailURL or ImageURL"),
        ("\x89PNG\x00\x00", "has no columns"),
        (as_table(OLD, NEW).encode("latin-1"), "as UTF-8"),
        (json.dumps([OLD])[:-1], "not complete"),
        (json.dumps([OLD, NEW])[:-20], "not complete"),
        ("[" * 100_000, "damaged"),
        ('[{"ObjectID": ' + "9" * 5000 + "}]", "damaged"),
        (as_table(OLD)[:-2] + ',"' + "x" * 200_000 + '"\r\n', "damaged"),
    ],
)
def test_other_files_are_refused_with_one_sentence(read, content, words):
    assert words in refusal(read, content)


def test_files_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(ExternalError, match="Check the Artworks file"):
            list(read_artworks(path))


def test_other_json_has_no_works(read):
    assert read("[]") == read("{}") == read('{"works": [1]}') == []


# --- size -----------------------------------------------------------------------------------------


def test_a_large_file_is_not_in_memory_as_a_whole(tmp_path):
    path = tmp_path / "Artworks.json"
    row = json.dumps(NEW | {"CreditLine": "é" * 2000}, ensure_ascii=False, indent=2)
    path.write_text(f"[{','.join([row] * 5000)}]", encoding="utf-8")
    assert path.stat().st_size > 20_000_000
    tracemalloc.start()
    try:
        assert sum(work.object_id for work in read_artworks(path)) == 15_000
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 12_000_000


@pytest.mark.parametrize("spaces", [0, 1, 300_000, 1 << 20])
def test_rows_at_the_ends_of_what_is_read_at_once(read, spaces):
    row = json.dumps(OLD | {"CreditLine": "x" * 200_000})
    assert read(f"[{(',' + ' ' * spaces).join([row] * 8)}{' ' * spaces}]") == [READ_OLD] * 8
