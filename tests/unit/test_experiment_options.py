# SPDX-License-Identifier: MIT
"""The options of experiments, before and after the command, and which networks they choose."""

import pytest

from gallery_search.__main__ import read_arguments
from gallery_search.errors import BackboneError
from gallery_search.experiments import telling
from gallery_search.paths import LibraryPaths


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["experiment", "recovery", "photos"], []),
        (["--backbone", "vgg16", "experiment", "recovery", "photos"], ["vgg16"]),
        (
            ["experiment", "recovery", "photos", "--backbone", "vgg16", "--backbone", "sscd"],
            ["vgg16", "sscd"],
        ),
        (["experiment", "--backbone", "vgg16", "neighbours", "photos"], ["vgg16"]),
    ],
)
def test_networks_may_be_named_several_times(arguments, names):
    assert read_arguments(arguments).backbones == names


def test_defaults():
    options = read_arguments(["experiment", "recovery", "photos"])
    assert (options.queries, options.seed, options.as_original) == (1000, 0, False)
    assert (options.folder, options.json) == ("photos", False)
    assert read_arguments(["experiment", "neighbours", "photos"]).n == 5
    assert read_arguments(["export", "--embeddings", "a.npz"]).precision == "float16"


@pytest.mark.parametrize(
    "arguments",
    [
        ["experiment"],
        ["experiment", "recovery"],
        ["experiment", "recovery", "photos", "--queries", "0"],
        ["experiment", "neighbours", "photos", "-n", "none"],
        ["export"],
        ["export", "--embeddings", "a.npz", "--precision", "float64"],
    ],
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        read_arguments(arguments)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_without_names_it_is_the_network_of_the_library(tmp_path):
    paths = LibraryPaths(tmp_path)
    assert [each.name for each in telling.chosen([], paths)] == ["efficientnet-lite0"]
    paths.settings.write_text('{"backbone": "sscd"}', "utf-8")
    assert [each.name for each in telling.chosen([], paths)] == ["sscd"]
    chosen = telling.chosen(["vgg16", "sscd", "vgg16"], paths)
    assert [each.name for each in chosen] == ["vgg16", "sscd"]
    with pytest.raises(BackboneError, match="There is no backbone"):
        telling.chosen(["vgg17"], paths)
