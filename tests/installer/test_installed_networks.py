# SPDX-License-Identifier: MIT
"""The networks beside the default one, in an installed program of either edition."""

import json
from pathlib import Path
from typing import Any

import pytest
from clean_system import CleanSystem
from desktop import Desktop
from draw_photos import draw_gallery
from editions import Edition
from gallery_window import GalleryWindow
from generated_weights import generate, save
from PIL import Image
from requirements import require_desktop

from gallery_search.embedding.backbones import BACKBONES, backbone

pytestmark = [pytest.mark.timeout(1200), pytest.mark.network_model]

ARTIFACTS = Path(__file__).parent.parent / "artifacts" / "installer-networks"
OTHER = "mobilenet-v3-small"  # the smallest


def test_other_networks_are_offered_or_say_what_they_need(
    installed: CleanSystem, installers: Any
) -> None:
    states = _listed(installed)
    assert set(states) == {entry.name for entry in BACKBONES}
    assert states.pop("efficientnet-lite0")["state"] == "ready"
    has_torch = installers.edition.has_torch
    expected = "available" if has_torch else "unavailable"
    assert {entry["state"] for entry in states.values()} == {expected}
    if not has_torch:
        refused = installed.run("gallery-search", "backbones", "download", "vgg16", check=False)
        assert refused.returncode == 1
        assert "needs PyTorch" in refused.stderr
        assert "Install its Full edition to use it." in refused.stderr


def test_another_network_is_taken_from_a_file_and_answers(
    installed: CleanSystem, installers: Any, tmp_path: Path
) -> None:
    if installers.edition is Edition.STANDARD:
        pytest.skip("this edition does without PyTorch")
    require_desktop()
    photos = tmp_path / "photos"
    photos.mkdir()
    draw_gallery(photos, 24)
    query = tmp_path / "from a friend.jpg"
    with Image.open(photos / "flower 2.jpg") as picture:
        picture.save(query, quality=60)
    # Not trained, but of the real shapes and in the published form: all that a conversion sees.
    weights = save(backbone(OTHER), generate(OTHER), tmp_path / "weights.pth")
    with Desktop(ARTIFACTS) as desktop:
        shared = (desktop.home.parent, tmp_path)
        start = installed.command("gallery-search", "--library", shared=shared)
        window = GalleryWindow(desktop, tmp_path / "library", command=start)
        window.wait("label", "^Add the folder with your photos")
        window.drop(photos)
        window.wait_searchable(24)

        def run(*words: str) -> list[dict[str, Any]]:
            """A command that the open window carries out."""
            done = installed.run(
                *("gallery-search", "--library", str(tmp_path / "library"), "--json", *words),
                shared=shared,
                variables=desktop.environment,
            )
            return [json.loads(line) for line in done.stdout.splitlines()]

        run("backbones", "import", OTHER, str(weights))
        run("backbones", "use", OTHER)
        (status,) = run("status")
        assert (status["backbone"], status["indexed"]) == (OTHER, 24)
        (found,) = run("search", str(query))
        assert Path(found["results"][0]["path"]).name == "flower 2.jpg"
        networks = {entry["name"]: entry for entry in run("backbones")}
        assert networks[OTHER]["state"] == "ready"
        assert networks[OTHER]["images_per_second"] > 0
        desktop.screenshot("networks.png")
        # What has once been loaded stays in this list, so it never was.
        loaded = Path(f"/proc/{window.pid}/maps").read_text()
        assert "libQt6Core" in loaded
        assert "openvino" in loaded
        assert "libtorch" not in loaded
        window.close()
        desktop.wait_for(lambda: window.program.status is not None, "end", timeout_s=20)
    log = "".join(path.read_text() for path in (tmp_path / "library" / "logs").iterdir())
    assert "the helper process ended" not in log


def _listed(system: CleanSystem) -> dict[str, dict[str, Any]]:
    listed = system.run("gallery-search", "--json", "backbones").stdout
    return {entry["name"]: entry for entry in map(json.loads, listed.splitlines())}
