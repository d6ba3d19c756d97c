# SPDX-License-Identifier: MIT
"""What lies where on the map and in its view: picking, outlines, thumbnails, points, colours."""

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication
from stand_in_maps import drawn_map

from gallery_search.gui.map.map_colours import Colours, colours, short_names
from gallery_search.gui.map.map_faces import faces_in_view
from gallery_search.gui.map.map_frame import MOST_ZOOM, MapFrame
from gallery_search.gui.map.map_labels import MapLabels
from gallery_search.gui.map.map_layer import PointLayer
from gallery_search.gui.map.map_points import MapPoints, cell_side, spread
from gallery_search.gui.map.map_raster import Raster


@pytest.fixture
def points() -> MapPoints:
    return MapPoints(drawn_map(range(10, 510)))


# --- the view -----------------------------------------------------------------------------------


def test_what_is_zoomed_about_stays_where_it_is() -> None:
    frame = MapFrame(800, 600).zoomed(3.0, 400, 300)
    before = frame.to_map(500, 250)
    after = frame.zoomed(1.7, 500, 250).to_map(500, 250)
    assert after == pytest.approx(before)


def test_a_place_is_found_again_where_the_view_has_it() -> None:
    frame = MapFrame(800, 600, 0.2, -0.1, 5.0, reach_y=0.5)
    at = frame.to_view(np.array([[0.25, -0.05]], np.float32))[0]
    assert frame.to_map(*at.tolist()) == pytest.approx((0.25, -0.05), abs=1e-5)


def test_the_map_cannot_be_moved_or_zoomed_out_of_reach() -> None:
    frame = MapFrame(800, 600).moved(10**6, -(10**6))
    assert (frame.x, frame.y) == (-1.1, 1.1)
    assert frame.zoomed(10**9, 0, 0).zoom == MOST_ZOOM


def test_the_whole_map_fills_the_view_whatever_its_shape() -> None:
    frame = MapFrame(800, 400).reaching(1.0, 0.25)
    (left, _), (right, _) = frame.to_view(np.array([[-1, 0], [1, 0]], np.float32)).tolist()
    assert right - left == pytest.approx(0.92 * 800)


# --- photos at places ---------------------------------------------------------------------------


def test_the_nearest_photo_is_picked_within_reach(points: MapPoints) -> None:
    x, y = points.places[33].tolist()
    assert points.nearest(x + 1e-4, y, 0.01) == 33
    assert points.nearest(0.0, 0.0, 0.05) is None
    points.remove([points.photo_id(33)])
    assert points.nearest(x, y, 1e-6) is None
    assert points.row_of(43) is None
    assert points.count == 499


def test_an_outline_encloses_what_is_inside(points: MapPoints) -> None:
    triangle = np.array([[-0.9, -0.3], [-0.3, -0.3], [-0.9, 0.3]], np.float32)
    x, y = points.places.T
    inside = (x > -0.9) & (y > -0.3) & ((x + 0.9) / 0.6 + (y + 0.3) / 0.6 < 1)
    assert points.enclosed(triangle).tolist() == np.flatnonzero(inside).tolist()
    assert points.enclosed(triangle[::-1]).tolist() == np.flatnonzero(inside).tolist()
    assert len(points.enclosed(triangle[:2])) == 0


def test_a_bent_outline_leaves_out_its_bay() -> None:
    bay = np.array([[-1, -1], [1, -1], [1, 1], [0, -0.9], [-1, 1]], np.float32)
    points = MapPoints(drawn_map(range(400), spread=3.0))
    rows = points.enclosed(bay)
    assert len(rows) > 0
    assert not any(abs(x) < 0.05 and y > -0.5 for x, y in points.places[rows].tolist())


def test_each_cell_shows_one_photo_that_stays_wherever_the_map_is(points: MapPoints) -> None:
    rows, crowd = points.faces(5)
    cells = np.floor((points.places[rows].astype(float) + 1) / cell_side(5)).astype(int)
    assert len(np.unique(cells, axis=0)) == len(rows)
    assert crowd == pytest.approx(500 / len(rows))
    some, _ = points.faces(5, (-0.1, 0.1))
    tops = cells[:, 1] * cell_side(5) - 1
    in_lines = (tops + cell_side(5) > -0.1) & (tops <= 0.1)
    assert some.tolist() == rows[in_lines].tolist()
    assert len(points.faces(0)[0]) == 1
    assert len(points.faces(24)[0]) == 500


def test_some_of_many_are_spread_evenly() -> None:
    assert spread(np.arange(100), 3) == [0, 49, 99]
    assert spread(np.arange(2), 3) == [0, 1]


# --- thumbnails and points ----------------------------------------------------------------------


def test_thumbnails_come_when_near_and_do_not_cover_each_other(points: MapPoints) -> None:
    far = MapFrame(800, 600)
    assert faces_in_view(points, far) == []
    near = far.centred(0.6, 0.0).zoomed(4, 400, 300)
    faces = faces_in_view(points, near)
    assert len(faces) > 10
    for number, face in enumerate(faces):
        assert 40 <= face.box.width() <= 112
        assert not any(face.box.intersects(other.box) for other in faces[:number])
        x, y = near.to_view(points.places[face.row : face.row + 1])[0].tolist()
        assert (face.box.center().x() - x) ** 2 + (face.box.center().y() - y) ** 2 < 112**2


def test_points_are_discs_of_their_colour_on_the_ground() -> None:
    white, red, blue = QColor("white"), QColor(200, 0, 0), QColor(0, 0, 200)
    raster = Raster(40, 30, white)
    at = np.array([[10.2, 10.7], [30.0, 20.0], [-5.0, 3.0], [39.9, 29.9]], np.float32)
    raster.paint(at, np.array([0, 1, 0, 1], np.uint8), [red, blue], 3.0)
    image = raster.image
    assert image.pixelColor(10, 10) == red
    assert image.pixelColor(12, 10) == red
    assert image.pixelColor(30, 20) == blue
    assert image.pixelColor(20, 15) == white
    assert image.pixelColor(37, 28) == white  # what would be cut off is left to the margin
    covered = sum((255 - image.pixelColor(x, y).green()) for x in range(40) for y in range(30))
    assert covered / 255 == pytest.approx(2 * np.pi * 3.0**2, rel=0.1)


def test_names_have_room_and_stay_while_the_map_is_moved(qapp: QApplication) -> None:
    labels = MapLabels()
    labels.set_labels(
        [(0.0, 0.0, "Holiday"), (0.02, 0.01, "Garden"), (0.5, 0.0, "Garden"), (0.1, 0.2, "Holiday")]
    )
    frame = MapFrame(800, 600)
    boxes = labels.boxes(frame, qapp.font())
    assert [text for _, text in boxes] == ["Holiday", "Garden"]
    moved = labels.boxes(frame.moved(50, 20), qapp.font())
    assert [text for _, text in moved] == ["Holiday", "Garden"]
    assert moved[0][0].topLeft() - boxes[0][0].topLeft() == QPointF(50, 20)
    near = labels.boxes(frame.zoomed(6, 400, 300), qapp.font())
    assert [text for _, text in near] == ["Holiday", "Garden", "Holiday"][: len(near)]
    assert not any(
        one.intersects(other) for number, (one, _) in enumerate(near) for other, _ in near[:number]
    )


def test_a_moved_map_is_not_painted_anew_before_its_edge_comes(
    qapp: object, points: MapPoints
) -> None:
    layer, frame = PointLayer(), MapFrame(300, 200)
    shades = Colours(np.zeros(500, np.uint8), (QColor("red"),))

    def drawn(view: MapFrame) -> QImage:
        image = QImage(300, 200, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        layer.draw(painter, view, 1.0, points, shades, QColor("white"), None)
        painter.end()
        return image

    drawn(frame)
    moved = frame.moved(37, -21)
    shifted = drawn(moved)
    assert layer.paintings == 1
    layer.forget()
    assert drawn(moved) == shifted
    near = frame.zoomed(8, 0, 0)
    drawn(near)
    drawn(near.moved(-257, 0))
    assert layer.paintings == 4


# --- colours ------------------------------------------------------------------------------------


GERMAN = QLocale(QLocale.Language.German)


def test_colours_stand_for_dates_folders_or_clusters(qapp: object) -> None:
    loaded = drawn_map(range(100))
    dates = colours(loaded, "date", QPalette(), GERMAN)
    assert dates.is_scale
    assert [text for _, text in dates.legend] == ["1 Januar 2015", "9 April 2015"]
    assert (np.diff(dates.of.astype(int)) >= 0).all()
    folders = colours(loaded, "folder", QPalette(), GERMAN)
    assert [text for _, text in folders.legend] == ["Holiday", "Garden"]
    assert set(folders.of.tolist()) == {0, 1}
    clusters = colours(loaded, "cluster", QPalette(), GERMAN)
    assert clusters.of.tolist() == loaded.cluster_of.tolist()


def test_folders_of_the_same_name_are_told_apart() -> None:
    assert short_names(["/a/x", "/b/x", "/c/y", "/"]) == ["a/x", "b/x", "y", "/"]
