# SPDX-License-Identifier: MIT
"""A stand-in for the library: it draws its photos and answers at once, with no pipeline behind.

Events go through the real EventBridge, so they arrive later, as in the program. Queries are
answered when a test says so (`answer`, `fail`), or at once where `answers_at_once` is set.
"""

import functools
import io
import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import structs
from PIL import Image, ImageDraw
from stand_in_keeper import StandInKeeper
from stand_in_maps import StandInMaps

from gallery_search.backbone_status import BackboneStatus
from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.duplicates import DuplicateGroup, DuplicatesFailed, DuplicatesFound
from gallery_search.filters import NO_FILTERS
from gallery_search.imaging.picture import read_picture
from gallery_search.manners import Manners, MannersChanged
from gallery_search.pictures import (
    PictureFailed,
    PictureLoaded,
    PictureRequest,
    PictureThumbnail,
)
from gallery_search.queries import (
    CombinedSource,
    MatchRequest,
    QueryRequest,
    QuerySource,
    SingleSource,
    composed,
    joined_name,
)
from gallery_search.records import (
    BackbonesChanged,
    BytesSource,
    Event,
    FailuresLoaded,
    FoldersChanged,
    FolderStatus,
    Hit,
    IndexProgress,
    OrderLoaded,
    PartAnswer,
    PathSource,
    PhotoFailed,
    PhotoId,
    PhotoRow,
    PhotosChanged,
    PhotoSource,
    QueryFailed,
    QueryResult,
    RowsLoaded,
    TextSource,
    ThumbnailLoaded,
)
from gallery_search.similarity import SimilarityScale


@functools.lru_cache(maxsize=256)
def drawn_jpeg(seed: int, size: tuple[int, int] | None = None) -> bytes:
    """A small landscape: sky, sun, hills. The same seed gives the same picture."""
    rng = random.Random(seed)
    width, height = size or rng.choice([(384, 256), (256, 384), (320, 320), (400, 225)])
    sky = (rng.randint(90, 200), rng.randint(130, 210), rng.randint(180, 250))
    image = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(image)
    x, y, r = rng.randint(0, width), rng.randint(0, height // 2), rng.randint(15, 45)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(250, rng.randint(180, 240), 120))
    for layer in range(4):
        base = height * (0.45 + 0.15 * layer)
        shade = [rng.randint(30, 170 - 30 * layer) for _ in range(3)]
        points = [(0.0, float(height))]
        points += [(width * step / 8, base - rng.uniform(0, height * 0.22)) for step in range(9)]
        points.append((float(width), float(height)))
        draw.polygon(points, fill=tuple(shade))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


class StandInLibrary:
    """Photos named by ids 1 to n, newest first; fulfils the ports `Library` and `Reader`."""

    def __init__(self, photos: int = 0, *, answers_at_once: bool = False) -> None:
        self.deliver: Callable[[Event], None] = lambda _event: None
        self.answers_at_once = answers_at_once
        self.paths = {i: self.path_of(i) for i in range(1, photos + 1)}
        self.folders: tuple[FolderStatus, ...] = ()
        self.failures: tuple[PhotoFailed, ...] = ()
        self.requests: list[QueryRequest] = []
        self.added: list[str] = []
        self.removed: list[int] = []
        self.calls: list[str] = []
        self.manners: list[Manners] = []
        self.exclusions = ExclusionsChanged()
        self.devices = DevicesChanged("auto", "cpu", ("cpu",))
        self.backbones: tuple[BackboneStatus, ...] = ()
        self.backbone_calls: list[tuple[str, ...]] = []
        self.duplicates: tuple[DuplicateGroup, ...] = ()
        self.answers_duplicates = True
        self.distinct: list[tuple[tuple[str, ...], bool]] = []
        self.requests_beside: list[list[PhotoId]] = []
        self.picture_size = (2400, 1600)
        self.picture_requests: list[PictureRequest] = []
        self.picture_failures: dict[PhotoId, str] = {}
        self.answers_pictures = True
        self.search_keeper = StandInKeeper(lambda event: self.deliver(event))
        self.match_requests: list[MatchRequest | None] = []
        self.maps = StandInMaps(lambda event: self.deliver(event))

    @staticmethod
    def path_of(photo_id: PhotoId) -> str:
        return f"/photos/Holiday/IMG_{photo_id:04}.jpg"

    @property
    def reader(self) -> "StandInLibrary":
        return self

    @property
    def choices(self) -> "StandInLibrary":
        return self

    # --- the ports ----------------------------------------------------------------------------

    def add_folder(self, path: str) -> None:
        self.added.append(path)
        status = FolderStatus(len(self.folders) + 1, path, "watching", len(self.paths))
        self.set_folders(*self.folders, status)

    def remove_folder(self, folder_id: int) -> None:
        self.removed.append(folder_id)
        self.set_folders(*(f for f in self.folders if f.folder_id != folder_id))

    def expect_query(self) -> None:
        self.calls.append("expect_query")

    def search(self, request: QueryRequest) -> None:
        self.requests.append(request)
        if self.answers_at_once:
            self.answer(request)

    def request_match(self, request: MatchRequest | None) -> None:
        self.match_requests.append(request)

    def request_duplicates(self) -> None:
        self.calls.append("request_duplicates")
        if self.answers_duplicates:
            self.answer_duplicates()

    def cancel_duplicates(self) -> None:
        self.calls.append("cancel_duplicates")

    def request_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:
        self.distinct.append((tuple(paths), is_distinct))

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")

    def set_manners(self, manners: Manners) -> None:
        self.manners.append(manners)
        self.deliver(MannersChanged(manners))

    def change_exclusions(self, add: Sequence[str], remove: Sequence[str]) -> None:
        before = self.exclusions
        texts = [*(t for t in (*before.folders, *before.patterns) if t not in remove), *add]
        self.set_exclusions(*texts)

    def request_devices(self) -> None:
        self.deliver(self.devices)

    def use_device(self, device: str) -> None:
        running = self.devices.running if device == "auto" else device
        self.set_devices(device, running, self.devices.available)

    def retry_failures(self) -> None:
        self.calls.append("retry_failures")

    def request_backbones(self) -> None:
        self.backbone_calls.append(("request",))
        self.deliver(BackbonesChanged(self.backbones))

    def download_backbone(self, name: str) -> None:
        self.backbone_calls.append(("download", name))

    def cancel_download(self, name: str) -> None:
        self.backbone_calls.append(("cancel", name))

    def import_backbone(self, name: str, path: str) -> None:
        self.backbone_calls.append(("import", name, path))

    def use_backbone(self, name: str) -> None:
        self.backbone_calls.append(("use", name))

    def delete_backbone_data(self, name: str) -> None:
        self.backbone_calls.append(("delete", name))

    def request_order(self) -> None:
        self.calls.append("request_order")
        self.deliver(OrderLoaded(np.array(sorted(self.paths, reverse=True), np.int64)))

    def request_rows(self, photo_ids: Sequence[PhotoId]) -> None:
        rows = (PhotoRow(i, self.paths[i]) for i in photo_ids if i in self.paths)
        self.deliver(RowsLoaded(tuple(rows)))

    def request_thumbnails(self, photo_ids: Sequence[PhotoId]) -> None:
        for photo_id in photo_ids:
            jpeg = drawn_jpeg(photo_id) if photo_id in self.paths else None
            self.deliver(ThumbnailLoaded(photo_id, jpeg))

    def request_thumbnails_beside(self, view: str, photo_ids: Sequence[PhotoId]) -> None:
        self.requests_beside.append(list(photo_ids))
        self.request_thumbnails(photo_ids)

    def request_picture(self, request: PictureRequest) -> None:
        self.picture_requests.append(request)
        if self.answers_pictures:
            self.answer_picture(request)

    def request_failures(self) -> None:
        self.calls.append("request_failures")
        self.deliver(FailuresLoaded(self.failures))

    # --- what tests make happen ---------------------------------------------------------------

    def set_folders(self, *folders: FolderStatus) -> None:
        self.folders = folders
        self.deliver(FoldersChanged(folders))

    def watch(self, *paths: str) -> None:
        """Have folders from the start."""
        self.set_folders(
            *(FolderStatus(i, path, "watching", len(self.paths)) for i, path in enumerate(paths, 1))
        )

    def set_progress(
        self,
        activity: str,
        indexed: int,
        total: int,
        failed: int = 0,
        rate: float | None = None,
        seconds_left: float | None = None,
        **rest: object,
    ) -> None:
        amounts = (indexed, failed, total, rate, seconds_left)
        self.deliver(IndexProgress(activity, *amounts, **rest))  # type: ignore[arg-type]

    def set_exclusions(self, *texts: str) -> None:
        folders = tuple(text for text in texts if "/" in text)
        patterns = tuple(text for text in texts if "/" not in text)
        self.exclusions = ExclusionsChanged(folders, patterns)
        self.deliver(self.exclusions)

    def set_devices(self, wanted: str, running: str | None, available: tuple[str, ...]) -> None:
        self.devices = DevicesChanged(wanted, running, available)
        self.deliver(self.devices)

    def set_backbones(self, *backbones: BackboneStatus) -> None:
        self.backbones = backbones
        self.deliver(BackbonesChanged(backbones))

    def change_backbone(self, name: str, **changes: object) -> None:
        """Tell of a new state of one network."""
        self.set_backbones(
            *(
                structs.replace(status, **changes) if status.name == name else status
                for status in self.backbones
            )
        )

    def add_photos(self, count: int) -> None:
        first = max(self.paths, default=0) + 1
        added = tuple(range(first, first + count))
        self.paths.update((i, self.path_of(i)) for i in added)
        self.deliver(PhotosChanged(added, (), ()))

    def remove_photos(self, *photo_ids: PhotoId) -> None:
        for photo_id in photo_ids:
            del self.paths[photo_id]
        self.deliver(PhotosChanged((), photo_ids, ()))

    def answer(
        self,
        request: QueryRequest | None = None,
        *,
        name: str | None = None,
        hits: Sequence[PhotoId] | None = None,
        searched: int | None = None,
        passing: int | None = None,
        similarities: Sequence[float] | None = None,
        scale: SimilarityScale | None = None,
        problems: Mapping[SingleSource, str] | None = None,
    ) -> None:
        """Answer a query (by default the latest): with every third photo, or with `hits`.

        Filters let `passing` photos through, by default those that are hits. Of a combined query
        the parts that are in `problems` are left out.
        """
        request = request or self.requests[-1]
        source = request.source
        parts: tuple[PartAnswer, ...] = ()
        if isinstance(source, CombinedSource):
            parts = tuple(self.part_answer(part.source, problems or {}) for part in source.parts)
            used = [i for i, part in enumerate(parts) if part.problem is None]
            left = composed([source.parts[i] for i in used])
            assert left is not None
            name = joined_name([parts[i].name for i in used], [source.parts[i] for i in used])
            source = left
        name = self.name_of(source) if name is None else name
        ids = list(self.paths)[::3][: request.limit] if hits is None else hits
        if similarities is None:
            similarities = [0.99 * 0.97**rank for rank in range(len(ids))]
        found = tuple(Hit(i, self.paths[i], s) for i, s in zip(ids, similarities, strict=True))
        total = len(self.paths)
        if request.filters != NO_FILTERS and passing is None:
            passing = len(found)
        everything = total if passing is None else passing
        covered = everything if searched is None else searched
        has_picture = not isinstance(source, TextSource | CombinedSource)
        jpeg = drawn_jpeg(1000 + request.request_id) if has_picture else None
        numbers = (covered, total, 0.02, passing, scale, parts)
        self.deliver(QueryResult(request.request_id, name, jpeg, found, *numbers))

    @staticmethod
    def name_of(source: QuerySource) -> str:
        """What the library calls what it is asked for."""
        match source:
            case PhotoSource(photo_id):
                name = f"IMG_{photo_id:04}.jpg"
            case TextSource(text):
                return text
            case BytesSource(name=given):
                name = given
            case PathSource(path):
                name = path.rsplit("/", 1)[-1]
            case CombinedSource():
                raise AssertionError("its name is made of those of its parts")
        return name if source.region is None else f"Part of {name}"

    def part_answer(self, source: SingleSource, problems: Mapping[SingleSource, str]) -> PartAnswer:
        """What became of a part of a combined query."""
        is_unread = source in problems or isinstance(source, TextSource)
        jpeg = None if is_unread else drawn_jpeg(len(self.name_of(source)))
        return PartAnswer(self.name_of(source), jpeg, problems.get(source))

    def answer_picture(self, request: PictureRequest, *, is_thumbnail_only: bool = False) -> None:
        """Answer with the photo's thumbnail, and with its picture as the decoder makes it."""
        answered = (request.request_id, request.photo_id)
        if not request.is_ahead:
            self.deliver(PictureThumbnail(*answered, drawn_jpeg(request.photo_id, (512, 341))))
        if request.photo_id in self.picture_failures:
            self.deliver(PictureFailed(*answered, self.picture_failures[request.photo_id]))
        elif not is_thumbnail_only:
            jpeg = drawn_jpeg(request.photo_id, self.picture_size)
            source = BytesSource(jpeg, self.path_of(request.photo_id))
            picture = read_picture(source, request.width_px, request.height_px)
            self.deliver(PictureLoaded(*answered, picture))

    def answer_duplicates(self) -> None:
        self.deliver(DuplicatesFound(self.duplicates, 0.8))

    def fail_duplicates(self, reason: str) -> None:
        self.deliver(DuplicatesFailed(reason))

    def fail(self, reason: str, request: QueryRequest | None = None) -> None:
        self.deliver(QueryFailed((request or self.requests[-1]).request_id, reason))
