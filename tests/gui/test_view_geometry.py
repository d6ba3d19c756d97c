# SPDX-License-Identifier: MIT
"""How a picture lies in its view, by numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gallery_search.gui.viewer.view_geometry import MAX_ZOOM, ViewGeometry

WIDE = ViewGeometry(room=(800.0, 600.0), picture=(4000.0, 2000.0))
SMALL = ViewGeometry(room=(800.0, 600.0), picture=(100.0, 50.0))

sides = st.floats(1, 20_000)
geometries = st.builds(
    ViewGeometry,
    room=st.tuples(sides, sides),
    picture=st.tuples(sides, sides),
    ratio=st.sampled_from([1.0, 1.25, 2.0]),
)
zooms = st.floats(1e-4, 100)
shares = st.floats(0, 1)


def assert_fills_what_it_can(geometry: ViewGeometry) -> None:
    """Along each side either all is in view and in the middle, or no room beside is left."""
    for room, size, start in zip(geometry.room, geometry.size, geometry.origin, strict=True):
        tolerance = 1e-6 * max(room, size)
        if size <= room:
            assert start == pytest.approx((room - size) / 2, abs=tolerance)
        else:
            assert start <= tolerance
            assert start + size >= room - tolerance


def point_below(geometry: ViewGeometry, at: tuple[float, float]) -> tuple[float, float]:
    (x, y), (width, height) = geometry.origin, geometry.size
    return (at[0] - x) / width, (at[1] - y) / height


def test_a_photo_is_fitted() -> None:
    assert WIDE.shown_zoom == pytest.approx(0.2)
    assert WIDE.size == pytest.approx((800, 400))
    assert WIDE.origin == pytest.approx((0, 100))
    assert not WIDE.can_be_moved
    assert WIDE.wanted_size() == (800, 400)


def test_a_small_photo_is_not_enlarged_to_fit() -> None:
    assert SMALL.size == (100, 50)
    assert SMALL.origin == (350, 275)


def test_at_double_density_a_pixel_of_the_photo_is_one_of_the_screen() -> None:
    dense = SMALL.in_room((800, 600), 2.0)
    assert dense.size == (50, 25)
    assert dense.zoomed_to(1.0).size == (50, 25)


def test_zooming_keeps_the_point_below_the_pointer() -> None:
    at = (200.0, 300.0)
    zoomed = WIDE.zoomed_to(1.0, at)
    assert zoomed.size == (4000, 2000)
    assert point_below(zoomed, at) == pytest.approx(point_below(WIDE, at))
    assert zoomed.can_be_moved


def test_zooming_out_ends_with_the_whole_photo() -> None:
    zoomed = WIDE.zoomed_to(1.0, (0, 300))
    assert zoomed.zoomed_to(0.1).zoom is None
    assert zoomed.zoomed_to(0.1) == WIDE
    assert zoomed.fitted() == WIDE


def test_moving_ends_at_the_edges() -> None:
    zoomed = WIDE.zoomed_to(1.0)
    assert zoomed.moved_by(30, -20).origin == pytest.approx((-1570, -720))
    assert zoomed.moved_by(1e6, 1e6).origin == pytest.approx((0, 0))
    assert zoomed.moved_by(-1e6, -1e6).origin == pytest.approx((-3200, -1400))
    assert WIDE.moved_by(50, 50).origin == WIDE.origin


def test_turning_fits_anew() -> None:
    turned = WIDE.zoomed_to(1.0).turned(1)
    assert turned.size == pytest.approx((300, 600))
    assert WIDE.turned(2).size == WIDE.size


@pytest.mark.parametrize(
    ("zoom", "width"), [(0.21, 1000), (0.25, 1000), (0.26, 2000), (0.6, 4000), (8.0, 4000)]
)
def test_sharper_sizes_come_in_halves(zoom: float, width: int) -> None:
    assert WIDE.zoomed_to(zoom).wanted_size() == (width, width // 2)


def test_a_larger_room_may_show_all_of_it_again() -> None:
    zoomed = WIDE.zoomed_to(0.3)
    assert zoomed.in_room((400, 300), 1.0).zoom == 0.3
    assert zoomed.in_room((4000, 3000), 1.0).zoom is None


@given(geometries, zooms, shares, shares, st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_whatever_is_done_the_photo_stays_in_the_room(
    geometry: ViewGeometry, zoom: float, x: float, y: float, right: float, down: float
) -> None:
    at = (x * geometry.room[0], y * geometry.room[1])
    zoomed = geometry.zoomed_to(zoom, at)
    assert_fills_what_it_can(zoomed)
    assert geometry.fit_zoom <= zoomed.shown_zoom * (1 + 1e-9)
    assert zoomed.shown_zoom <= MAX_ZOOM
    moved = zoomed.moved_by(right, down)
    assert_fills_what_it_can(moved)
    assert moved.shown_zoom == zoomed.shown_zoom
    assert_fills_what_it_can(moved.turned(1))
    assert_fills_what_it_can(moved.in_room((geometry.room[1], geometry.room[0]), 2.0))
    assert all(side >= 1 for side in moved.wanted_size())


# --- two pictures that are compared -------------------------------------------------------------

pictures = st.tuples(st.floats(100, 8000), st.floats(100, 8000))


@given(geometries, pictures, pictures, st.floats(1.01, 8), shares, shares)
def test_the_like_of_a_view_shows_the_same_part(
    geometry: ViewGeometry,
    one: tuple[float, float],
    other: tuple[float, float],
    zoom: float,
    x: float,
    y: float,
) -> None:
    room = (max(geometry.room[0], 100.0), max(geometry.room[1], 100.0))
    shown = ViewGeometry(room, one, geometry.ratio, may_enlarge=True)
    shown = shown.zoomed_to(shown.fit_zoom * zoom, (x * room[0], y * room[1]))
    like = ViewGeometry(room, other, geometry.ratio, may_enlarge=True).like(shown)
    assert_fills_what_it_can(like)
    assert like.shown_zoom / like.fit_zoom == pytest.approx(shown.shown_zoom / shown.fit_zoom)
    small = ViewGeometry(room, (one[0] / 7, one[1] / 7), geometry.ratio, may_enlarge=True)
    if small.fit_zoom < MAX_ZOOM:  # else even this one does not fill the room
        assert small.like(shown).size == pytest.approx(shown.size)
        assert small.like(shown).origin == pytest.approx(shown.origin, abs=1e-6 * max(shown.size))


def test_a_fitted_view_has_fitted_likes() -> None:
    zoomed = replace(WIDE, may_enlarge=True).zoomed_to(1.0)
    small = replace(SMALL, may_enlarge=True).like(zoomed)
    assert small.zoom is not None
    assert small.like(zoomed.fitted()).zoom is None


def test_a_small_picture_fills_the_room_where_it_may() -> None:
    assert SMALL.size == (100, 50)
    assert replace(SMALL, may_enlarge=True).size == (800, 400)
    assert replace(SMALL, may_enlarge=True).wanted_size() == (100, 50)


def test_what_is_zoomed_beyond_the_limit_by_another_stays_so() -> None:
    like = replace(SMALL, may_enlarge=True).like(replace(WIDE, may_enlarge=True).zoomed_to(16))
    assert like.shown_zoom > MAX_ZOOM
    assert like.zoomed_to(like.shown_zoom * 1.25).shown_zoom == like.shown_zoom
    assert like.zoomed_to(like.shown_zoom / 1.25).shown_zoom < like.shown_zoom
