# SPDX-License-Identifier: MIT
"""A backbone at work: loaded on a thread of its own, and moved to the CPU when its device fails."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.early import EarlyOpening
from gallery_search.embedding.embedder import Embedder
from gallery_search.embedding.engines import Opening
from gallery_search.errors import BackboneError, BackboneRefusedError
from gallery_search.language import mark
from gallery_search.pipeline.mailbox import Task
from gallery_search.records import Embeddings, Pixels

log = logging.getLogger(__name__)

OnMoved: TypeAlias = Callable[[str | None], None]  # with a sentence, where it did not move
OnWords: TypeAlias = Callable[[Embeddings | BackboneError], None]

_GIVE_WAY_S = 0.2  # for each directory: a first query waits for the network, and the grid too
_RETRY_S = 10.0  # after the disk had no room for what is to be prepared, or may not be written to
_STOP_S = 3.0  # what OpenVINO has begun takes a second or so

_ON_THE_CPU = mark("The CPU does the work from now on.")


class Network:
    """Embeds images and words with one backbone; worker thread only.

    Attributes:
        backbone: which one.
        refusal: a sentence that says why there is no network, or None; only where the disk was the
            reason, it is tried again.
    """

    def __init__(
        self,
        backbone: Backbone,
        models: Path,
        device: str,
        post: Callable[[Task], None],
        notice: Callable[[str], None],
        begun: EarlyOpening | None = None,
    ) -> None:
        """Know what to load; nothing happens before `load`.

        Args:
            backbone: which one.
            models: the library's folder of weights and converted networks.
            device: one of `settings.DEVICES`.
            post: has a task called on the worker thread; called on other threads.
            notice: takes sentences that the user should see.
            begun: what the first `load` waits for, in place of an opening of its own.
        """
        self.backbone = backbone
        self.refusal: str | None = None
        self._models = models
        self._device = device
        self._post = post
        self._notice = notice
        self._embedder: Embedder | None = None
        self._waiting: list[Task] = []
        self._has_settled = threading.Event()
        self._begun = begun
        self._opening: Opening | EarlyOpening = begun or Opening(backbone, device, models)
        self._threads: list[threading.Thread] = []
        self._on_moved: OnMoved | None = None
        self._former = device  # to which a move goes back that fails
        self._retry: threading.Timer | None = None
        self._is_closed = False

    @property
    def device(self) -> str:
        """The device that it runs on, or the one asked for until it does. Any thread."""
        embedder = self._embedder
        return self._device if embedder is None else embedder.device

    @property
    def wanted(self) -> str:
        """The device that is asked for, one of `settings.DEVICES`."""
        return self._device

    @property
    def is_ready(self) -> bool:
        """Whether images can be embedded."""
        return self._embedder is not None

    @property
    def is_moving(self) -> bool:
        """Whether it is being loaded on another device."""
        return self._on_moved is not None

    @property
    def is_settled(self) -> bool:
        """Whether it is ready, or will never be."""
        return self.is_ready or self.refusal is not None

    def is_due(self, waiting: int, *, is_quiet: bool) -> bool:
        """Whether to embed now: a full batch waits, or some images and nothing else does."""
        return self.is_ready and waiting >= (1 if is_quiet else self.batch_size)

    @property
    def batch_size(self) -> int:
        """How many images to give at a time; it must be ready."""
        assert self._embedder is not None
        return self._embedder.batch_size

    def load(self) -> None:
        """Begin to load; tasks of `when_settled` are called when that is done or refused."""
        if self._begun is None:
            self._opening.cancel()
            self._opening = Opening(self.backbone, self._device, self._models)
        opening, self._begun = self._opening, None
        thread = threading.Thread(
            target=self._load, args=(opening,), name="network-loader", daemon=True
        )
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def use_device(self, device: str, on_moved: OnMoved) -> None:
        """Move to another device; until it is loaded there, it goes on where it is.

        Args:
            device: one of `settings.DEVICES`.
            on_moved: called when it runs there, or with a sentence that says why it does not, and
                goes on where it was; a later call takes its place.
        """
        if self._on_moved is None:
            self._former = self._device
        if self._retry is not None:
            self._retry.cancel()
        self._device, self._on_moved = device, on_moved
        if self._begun is not None:
            self._begun.discard()
            self._begun = None
        if self._embedder is not None and self._embedder.device == device:
            self._opening.cancel()
            self._opening = Opening(self.backbone, device, self._models)  # no other is awaited
            self._end_move(None)
        else:
            self.load()

    def when_settled(self, task: Task) -> None:
        """Call a task when there is a network, or a refusal, for one that is not settled."""
        self._waiting.append(task)

    def give_way(self) -> None:
        """Wait a little while the network is loaded, which needs the processor; any thread."""
        self._has_settled.wait(_GIVE_WAY_S)

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        """Embed images as `Embedder.embed` does; it must be ready.

        Raises:
            BackboneError: the device failed. It is ready again, on the CPU, when `when_settled`
                says so, unless there is a refusal then.
        """
        assert self._embedder is not None
        try:
            embeddings = self._embedder.embed(images)
        except BackboneError as error:
            self._fall_back(error)
            raise
        if (note := self._embedder.take_note()) is not None:
            self._notice(note)
        return embeddings

    def embed_text(self, text: str, on_done: OnWords) -> None:
        """Begin to embed words, which the first time takes seconds; it must be ready.

        Where it moves to another device meanwhile, it begins again there.

        Args:
            text: the words.
            on_done: gets the (d,) vector or what went wrong, on the worker thread.
        """
        assert self._embedder is not None
        embedder = self._embedder

        def work() -> None:
            outcome: Embeddings | BackboneError
            try:
                outcome = embedder.embed_text(text)
            except BackboneError as error:
                outcome = error
            except Exception:  # nobody may wait for ever on a bug
                log.exception("words were not embedded")
                outcome = BackboneError(mark("The words were not understood."))
            self._post(lambda: self._take_words(text, embedder, outcome, on_done))

        threading.Thread(target=work, name="words", daemon=True).start()

    def _take_words(
        self, text: str, embedder: Embedder, outcome: Embeddings | BackboneError, on_done: OnWords
    ) -> None:
        """Hand an answer on; where it failed as the device was left meanwhile, ask again."""
        is_outdated = isinstance(outcome, BackboneError) and self._embedder is not embedder
        if is_outdated and self.is_ready:
            self.embed_text(text, on_done)
        elif is_outdated and not self.is_settled:
            self.when_settled(lambda: self._take_words(text, embedder, outcome, on_done))
        else:
            on_done(outcome)

    def stop_loading(self) -> None:
        """Break the loading off, and wait for its end.

        OpenVINO aborts the process that ends while it is loading.
        """
        if self._retry is not None:
            self._retry.cancel()
        self._opening.cancel()
        for thread in self._threads:
            thread.join(_STOP_S)

    def close(self) -> None:
        """Free the device, and call the tasks that wait."""
        self._is_closed = True
        self.refusal = mark("The network {network} is no longer in use.").format(
            network=self.backbone.name
        )
        if self._embedder is not None:
            self._embedder.close()
            self._embedder = None
        self._settle()

    def _load(self, opening: Opening | EarlyOpening) -> None:
        """Called on a thread of its own."""
        is_passing = False
        try:
            embedder = opening.run()
        except BackboneError as error:
            sentence, is_passing = str(error), isinstance(error, BackboneRefusedError)
        except Exception:  # of a library in a state that nobody has thought of
            log.exception("the network %s was not loaded", self.backbone.name)
            sentence = mark("The network {network} cannot be loaded.").format(
                network=self.backbone.name
            )
        else:
            log.info("%s runs on %s", self.backbone.name, embedder.device)
            self._post(lambda: self._take(opening, embedder))
            return
        self._post(lambda: self._take_failure(opening, sentence, is_passing=is_passing))

    def _take(self, opening: Opening | EarlyOpening, embedder: Embedder) -> None:
        if self._is_closed or opening is not self._opening:
            embedder.close()
            return
        self.refusal = None
        former, self._embedder = self._embedder, embedder
        if former is not None:
            former.close()
        self._settle()
        self._end_move(None)

    def _take_failure(
        self, opening: Opening | EarlyOpening, sentence: str, *, is_passing: bool
    ) -> None:
        if self._is_closed or opening is not self._opening:
            return
        if self._on_moved is None:
            self._refuse(sentence, is_passing=is_passing)
            return
        self._device = self._former
        self._notice(sentence)
        if self._embedder is None:
            self.load()
        self._end_move(sentence)

    def _end_move(self, problem: str | None) -> None:
        on_moved, self._on_moved = self._on_moved, None
        if on_moved is not None:
            on_moved(problem)

    def _refuse(self, sentence: str, *, is_passing: bool = False) -> None:
        if self._is_closed:
            return
        if sentence != self.refusal:
            self.refusal = sentence
            self._notice(sentence)
        self._settle()
        if is_passing:
            self._retry = threading.Timer(_RETRY_S, lambda: self._post(self._load_again))
            self._retry.daemon = True
            self._retry.name = "network-retry"
            self._retry.start()

    def _load_again(self) -> None:
        if not self._is_closed:
            self.load()

    def _settle(self) -> None:
        self._has_settled.set()
        waiting, self._waiting = self._waiting, []
        for task in waiting:
            task()

    def _fall_back(self, error: BackboneError) -> None:
        """The device failed: the CPU takes over, unless it was the CPU."""
        log.warning("%s", error)
        assert self._embedder is not None
        failed, self._embedder = self._embedder, None
        failed.close()
        if failed.device == "cpu":
            self._refuse(str(error))
            return
        self._notice(f"{error} {_ON_THE_CPU}")
        self._device = "cpu"
        self.load()
