# SPDX-License-Identifier: MIT
"""The catalogue notes whom it deletes, until the other databases have forgotten them too."""

import pytest

from gallery_search.catalogue.photos import FileFacts


def facts(name: str, file_id: str | None = None) -> FileFacts:
    return FileFacts(name, 10, 10**12, file_id)


@pytest.fixture
def folder_id(catalogue):
    return catalogue.add_folder("/photos").folder_id


def test_photos_of_a_removed_folder_are_noted(catalogue, folder_id):
    ids = [catalogue.add_photo(folder_id, "", facts(f"{n}.jpg")) for n in range(3)]
    assert catalogue.forgotten(10) == []
    catalogue.remove_folder(folder_id)
    assert catalogue.forgotten(10) == ids
    assert catalogue.forgotten(2) == ids[:2]
    catalogue.clear_forgotten(ids[:2])
    assert catalogue.forgotten(10) == ids[2:]


def test_a_newcomer_is_noted_that_turns_out_to_be_a_gone_photo(catalogue, folder_id):
    gone = catalogue.add_photo(folder_id, "", facts("a.jpg"))
    catalogue.set_gone([gone])
    newcomer = catalogue.add_photo(folder_id, "", facts("b.jpg"))
    with catalogue.transaction():
        catalogue.take_over(newcomer, gone)
    assert catalogue.forgotten(10) == [newcomer]


def test_what_is_not_committed_is_not_noted(catalogue, folder_id):
    catalogue.add_photo(folder_id, "", facts("a.jpg"))

    def remove_and_fail() -> None:
        with catalogue.transaction():
            catalogue.remove_folder(folder_id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        remove_and_fail()
    assert catalogue.forgotten(10) == []
