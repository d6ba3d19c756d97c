# SPDX-License-Identifier: MIT
"""Choosing another network in the real window: weights from a file, photos prepared, switched."""

import sys
from pathlib import Path

import pytest
import torch
from desktop import Desktop
from gallery_window import INDEX_LIMIT_S, GalleryWindow
from torchvision import models

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers"),
    pytest.mark.timeout(240),
    pytest.mark.network_model,
]

NETWORK = "mobilenet-v3-small"


def click_on_card(desktop: Desktop, window: GalleryWindow, name: str) -> None:
    """Click a button of the dialog, scrolling until it is in view."""
    dialog = window.wait("dialog", "^Networks")
    bottom = dialog.y + dialog.height - 60  # above the row with the button Close

    def in_view() -> bool:
        button = window.find("push button", name)
        if button is not None and dialog.y < button.center[1] < bottom:
            return True
        desktop.wheel(dialog.center, 3)
        return False

    desktop.wait_for(in_view, f"button {name!r} in view", timeout_s=40)
    window.click("push button", name)


def test_another_network_from_a_file(
    desktop: Desktop, library: Path, photos: Path, tmp_path: Path
) -> None:
    torch.manual_seed(3)
    file = tmp_path / "mobilenet.pth"
    torch.save(models.mobilenet_v3_small().state_dict(), file)
    window = GalleryWindow(desktop, library)
    window.drop(photos)
    window.wait_searchable(24)

    window.press("ctrl+shift+n")
    window.wait("dialog", "^Networks")
    desktop.screenshot("1 networks.png")
    click_on_card(desktop, window, f"^Import file: {NETWORK}$")
    field = window.wait("text", "^File name:$")
    desktop.click(field.center)
    desktop.type(str(file))
    desktop.key("Return")
    window.wait("push button", f"^Use: {NETWORK}$", timeout_s=60)
    click_on_card(desktop, window, f"^Use: {NETWORK}$")
    window.wait("label", "^answers your searches$", timeout_s=INDEX_LIMIT_S)

    def is_active() -> bool:
        return window.find("push button", "^Use: efficientnet-lite0$") is not None

    desktop.wait_for(is_active, "the other network answering", timeout_s=INDEX_LIMIT_S)
    desktop.screenshot("2 switched.png")
    window.click("push button", "^Close$")
    window.wait_searchable(24)
    window.drop(photos / "sea 1.jpg")
    assert window.results("sea 1.jpg")[0] == ("sea 1.jpg", 100)
    desktop.screenshot("3 results.png")
