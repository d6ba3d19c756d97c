# SPDX-License-Identifier: MIT
"""The worker: one thread that owns all writing, the queue, the index and the network on the CPU.

It takes tasks from its mailbox, queries first; between tasks it does its duties: feed the
decoders, embed one batch, write down what is finished, see whether the index wants rebuilding,
and tell how far it is.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.early import EarlyOpening
from gallery_search.errors import BackboneError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.answering.explaining import Explainer
from gallery_search.pipeline.answering.kept_searches import KeptSearches
from gallery_search.pipeline.answering.searching import Searcher
from gallery_search.pipeline.backbones.engine import Engine, Means
from gallery_search.pipeline.backbones.networks import Networks
from gallery_search.pipeline.backbones.switching import Switching
from gallery_search.pipeline.choices import Choices
from gallery_search.pipeline.guard import Guard
from gallery_search.pipeline.intake.folders import Folders
from gallery_search.pipeline.intake.indexing import Indexer
from gallery_search.pipeline.intake.settling import OnSettled, Settling
from gallery_search.pipeline.intake.thumbnailer import Thumbnailer
from gallery_search.pipeline.intake.workload import Workload
from gallery_search.pipeline.mailbox import Mailbox, Priority, Task
from gallery_search.pipeline.pace.pacing import Pacing
from gallery_search.pipeline.pace.politeness import Politeness
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.preferences import Preferences
from gallery_search.pipeline.reporting import ProgressReporter
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.pipeline.storing.space import Space
from gallery_search.pipeline.tally import Tally
from gallery_search.pipeline.upkeep import duplicates
from gallery_search.pipeline.upkeep.caretaker import Caretaker
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.listing import DirectoryListing
from gallery_search.pipeline.watching.scanner import Scanner
from gallery_search.records import Activity, Event, FolderState, Notice, PhotosChanged
from gallery_search.settings import Settings

log = logging.getLogger(__name__)


class Worker:
    """Runs the pipeline of one library.

    The methods of the first group may be called on any thread; those of the second are tasks,
    for `post`.

    Attributes:
        tally: what indexing has done.
        folders: the watched folders; its methods are tasks, too.
        networks: tells of the backbones; likewise.
        choices: carries out what else the user chooses; likewise.
        pacing: knows how considerate indexing is to be; likewise.
        thumbnailer: makes thumbnails that the cache has lost; likewise.
        searcher: answers the queries; likewise.
        kept_searches: those that the user saved, and the recent ones; likewise.
        explainer: tells which parts of photos match; likewise.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        backbone: Backbone,
        settings: Settings,
        pool: DecoderPool,
        throttle: Throttle,
        politeness: Politeness,
        emit: Callable[[Event], None],
        *,
        is_indexing: bool,
        is_watching: bool,
        opening: EarlyOpening | None = None,
    ) -> None:
        """Open the stores; raises CatalogueError.

        Args:
            paths: of the library, whose lock the caller holds.
            backbone: the network.
            settings: its device, and whether indexing is paused.
            pool: the decoders.
            throttle: keeps indexing to its share of the computer.
            politeness: knows what that is, and when indexing is to wait.
            emit: takes the events, on the worker's thread.
            is_indexing: index what waits; otherwise only answer queries.
            is_watching: scan all folders at the start, and watch them.
            opening: of the network, where that has begun.
        """
        self.tally = Tally()
        self._preferences = Preferences(paths.settings, settings)
        self._emit = emit
        self._is_indexing = is_indexing
        self._is_watching = is_watching
        self._mailbox = Mailbox()
        self._is_stopping = False
        self._settling = Settling()
        self._reporter = ProgressReporter(emit)
        # The duties that come after any task see to the new pace.
        politeness.tell(partial(self.post, Priority.CONTROL, self._reporter.note_change))
        self.pacing = Pacing(politeness, throttle, pool, self._preferences, self._settling, emit)

        post_decoded = partial(self.post, Priority.DECODED)
        space = Space.open(paths, backbone)
        self._shelf = Shelf.open(paths, space, self._on_photos_changed)
        means = Means(
            self._shelf, paths, lambda: self._preferences.now.device, pool, throttle, self.post,
            lambda sentence: emit(Notice(sentence)),
        )  # fmt: skip
        active = Engine(backbone, space, self.tally, means, opening)
        self._switching = Switching(
            self._shelf, active, partial(Engine.open, means=means), self._on_switched
        )
        network = active.network
        self._scanner = Scanner(
            self._on_listing, self._on_state, paths.catalogue, is_watching=is_watching
        )
        self._indexer = Indexer(
            self._shelf, network, pool, throttle, post_decoded, self._scanner.is_in_place,
            lambda folder_id: self.folders.take_unreachable(folder_id), self.tally,
        )  # fmt: skip
        go_on = partial(self._mailbox.put_back, Priority.LISTING)
        self.folders = Folders(self._shelf, self._scanner, self._indexer, self.tally, emit, go_on)
        self._scanner.tell_places(self.folders, partial(self.post, Priority.LISTING))
        self._scanner.exclude(Exclusions(settings.excluded_folders, settings.excluded_patterns))
        self._workload = Workload(
            self._shelf, self.folders, self._indexer, self._switching, throttle
        )
        self.networks = Networks(
            paths, self._shelf, self._switching, partial(self.post, Priority.COMMAND), emit
        )
        self.choices = Choices(self._preferences, self.folders, self._switching, emit)
        post_query = partial(self.post, Priority.QUERY)
        self.searcher = Searcher(self._shelf, network, pool, post_query, emit)
        self.kept_searches = KeptSearches(
            self._shelf, paths, self._preferences, pool, post_query, emit
        )
        self.explainer = Explainer(
            self._shelf, self.searcher, pool, backbone, paths.models, self.folders.offline,
            post_query, emit,
        )  # fmt: skip
        self.thumbnailer = Thumbnailer(self._shelf, pool, post_decoded, emit, self.folders.offline)
        self.caretaker = Caretaker(paths, self._switching, self.post, emit)
        self._guard = Guard(paths.logs, emit, self._on_problem, self._shelf.check_locks)
        self._thread = threading.Thread(target=self._run, name="worker")

    # --- any thread ---------------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Finish what is staged, close everything and end the thread."""
        if self._thread.ident is None:  # it was never started
            self._switching.close()
            self._shelf.close()
            return
        self.post(Priority.CONTROL, self._stop)
        self._thread.join(timeout_s)

    def post(self, priority: Priority, task: Task) -> None:
        """Have a task called on the worker's thread."""
        self._mailbox.put(priority, task)

    @property
    def device(self) -> str:
        """The device that the network runs on, or the one asked for until it does."""
        return self._switching.active.network.device

    @property
    def backbone(self) -> Backbone:
        """The backbone that answers the queries."""
        return self._switching.active.backbone

    def folder_state(self, folder_id: int) -> FolderState | None:
        """How a folder is watched; None where nobody looks after it."""
        return self._scanner.state(folder_id)

    # --- tasks, on the worker's thread --------------------------------------------------------

    def add_folder(self, path: str) -> None:
        """Watch a folder; `path` is from `check_folder`."""
        self.folders.add(path)
        self._reporter.note_change()

    def index_folders(self, folders: tuple[str, ...], on_settled: OnSettled) -> None:
        """Add folders, and tell when all that waits is indexed and the index is built.

        `on_settled` gets None, or a sentence that says why it will not come to that.
        """
        if not self._is_indexing:  # until now, only queries were to be answered
            self._is_indexing = True
            self._scanner.start()
        self._settling.add(on_settled)  # first, so that a failure below is told
        self._shelf.catalogue.retry_failed(only_transient=True)
        if not self._is_watching:
            self.folders.scan(folders)
        for path in folders:
            self.folders.add(path)
        self._reporter.note_change()

    def stop_waiting(self, on_settled: OnSettled) -> None:
        """Whoever has asked for `index_folders` is gone; indexing goes on in its own time."""
        self._settling.remove(on_settled)

    def set_paused(self, is_paused: bool) -> None:
        """Pause or resume indexing; remembered for the next start."""
        self._reporter.note_change()
        self._preferences.keep(is_paused=is_paused)

    def use_backbone(self, name: str) -> None:
        """Let a backbone take over once it has embedded the photos; remembered."""
        self.networks.use(name)
        if self.backbone.name == name:  # perhaps for this start only, until now
            self._preferences.keep(backbone=name)

    def retry_failures(self) -> None:
        """Read all failed photos once more."""
        self._shelf.catalogue.retry_failed(only_transient=False)
        self._reporter.start_over()

    def set_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:
        """Remember that photos are not duplicates, or forget it; raises ExternalError."""
        duplicates.set_distinct(self._shelf.catalogue, paths, is_distinct=is_distinct)

    # --- what others tell, on their threads ---------------------------------------------------

    def _on_listing(self, listing: DirectoryListing) -> None:
        self._guard.wait()  # or listings would pile up for as long as none can be taken in
        self._switching.active.network.give_way()
        self.post(Priority.LISTING, partial(self._take_listing, listing))

    def _on_state(self, folder_id: int, state: FolderState) -> None:
        self.post(Priority.LISTING, partial(self._take_state, folder_id, state))

    # --- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        self._guard.call(self._prepare)
        while not self._is_stopping:
            # While the databases refuse, what may write waits behind what was refused.
            least = Priority.DECODED if self._guard.problem is None else Priority.QUERY
            task = self._mailbox.get(self._wait_s(), least)
            if task is not None:
                self._guard.call(task)
            if not self._is_stopping:
                self._guard.call_duties(self._do_duties)
        self._guard.call(partial(self._indexer.flush, is_forced=True))
        self._settling.tell(mark("The program is closing."))
        self._switching.close()
        self.kept_searches.close()
        self._shelf.close()

    def _prepare(self) -> None:
        """Each step by itself: with a full disk, say, searching still works."""
        self._guard.call(self.folders.tell)  # first of all, as the window waits for it
        self.pacing.tell()
        self.choices.tell()
        self._guard.call(self._shelf.sweep)  # what was interrupted
        self._guard.call(self._switching.active.load)
        if self._is_indexing and self._preferences.now.incoming:
            self._guard.call(self._resume_switch)
        if self._is_indexing:
            self._guard.call(partial(self._shelf.catalogue.retry_failed, only_transient=True))
        if self._is_watching:
            self._guard.call(self.folders.scan)
        if self._is_indexing:
            self._scanner.start()

    def _resume_switch(self) -> None:
        """Go on with a switch of the last time; one that cannot be is forgotten."""
        try:
            self.networks.use(self._preferences.now.incoming)
        except BackboneError:
            self._preferences.keep(incoming="")
            raise

    def _stop(self) -> None:
        self._is_stopping = True
        self._guard.let_go()
        self._scanner.stop()
        self.networks.stop()
        self.pacing.stop()
        self.caretaker.stop()
        self.explainer.stop()
        self._switching.stop()

    def _wait_s(self) -> float:
        """How long there is nothing to do unless a task comes."""
        now = time.monotonic()
        held_until_s = max(self._guard.blocked_until_s, self.searcher.wants_quiet_until_s)
        opens_at_s = self.pacing.throttle.opens_at_s
        if self._is_indexing and self._workload.can_go_on and opens_at_s is None:
            return max(0.0, held_until_s - now)
        dues = [now + self._settling.wait_s]
        own_dues = (self._reporter.due_s, self._workload.flush_due_s, opens_at_s)
        dues += [max(due_s, held_until_s) for due_s in own_dues if due_s is not None]
        return max(0.0, min(dues) - now)

    def _do_duties(self) -> None:
        self._preferences.save()
        if self._is_indexing and time.monotonic() >= self.searcher.wants_quiet_until_s:
            self._index()
        activity = self._activity()
        if activity == "idle" and self._is_indexing and self._preferences.now.is_paused:
            activity = "paused"  # or nobody would know before new photos wait for nothing
        stand = partial(self._workload.standing, activity, self.pacing.now)
        if self._reporter.tell(activity, stand):
            self.folders.tell()
            self.networks.tell_switching()

    def _index(self) -> None:
        """Do one step of all that belongs to indexing."""
        is_paused = self._preferences.now.is_paused
        may_start = not is_paused and self._workload.has_work and self.pacing.see_to()
        self._workload.step(may_start=may_start, is_quiet=self._mailbox.is_empty)
        if self._scanner.is_idle and self._mailbox.is_empty:
            self._indexer.departures.settle()
        is_idle = self._activity() == "idle"
        self._switching.see_to_indexes(is_idle=is_idle, may_build=self.pacing.see_to)
        if self._is_watching:
            self.caretaker.see_to()
        if self._settling.is_awaited:
            self._see_whether_settled()

    def _activity(self) -> Activity:
        if not self._is_indexing:
            return "idle"
        # The scanner hands a listing over before it is idle, so it has to be asked first.
        is_quiet = self._scanner.is_idle and self._mailbox.is_empty
        activity = self._workload.activity(
            is_paused=self._preferences.now.is_paused, is_waiting=self.pacing.now.is_waiting
        )
        is_scanning = not is_quiet or self._workload.is_surveying
        return "scanning" if activity == "idle" and is_scanning else activity

    # --- the backbones ------------------------------------------------------------------------

    def _on_switched(self) -> None:
        """Another backbone answers, or is on its way."""
        active, incoming = self._switching.active, self._switching.incoming
        self._indexer.use(active.network)
        self.searcher.use(active.network)
        self.explainer.use(active.backbone)
        active.filler.tally = self.tally
        self._reporter.start_over()
        changes = {"incoming": "" if incoming is None else incoming.backbone.name}
        if active.backbone.name != self._preferences.now.backbone:
            changes["backbone"] = active.backbone.name
        self._preferences.keep(**changes)
        self.networks.tell()
        self.choices.note_switch()

    # --- what the scanner and the shelf tell --------------------------------------------------

    def _take_listing(self, listing: DirectoryListing) -> None:
        self._reporter.note_change()
        self.folders.take_listing(listing)

    def _take_state(self, folder_id: int, state: FolderState) -> None:
        self.folders.take_state(folder_id, state)
        self._switching.look_again()

    def _on_photos_changed(self, changed: PhotosChanged) -> None:
        self._reporter.note_change()
        self._switching.note_change()
        self._emit(changed)

    # --- commands that wait for the end -------------------------------------------------------

    def _see_whether_settled(self) -> None:
        activity = self._activity()
        if activity == "paused" and not self._scanner.is_idle:
            return
        active = self._switching.active
        self._settling.see(
            activity,
            lambda: active.network.refusal if self._workload.has_unread else None,
            is_building=active.is_building,
        )

    def _on_problem(self, problem: str | None) -> None:
        """Indexing waits for something, or goes on."""
        self._reporter.set_problem(problem)
        if problem is not None:
            self._settling.tell(problem)
