# SPDX-License-Identifier: MIT
"""What may be asked of a library about the searches that it keeps."""

from functools import partial

from gallery_search.pipeline.mailbox import Priority, Task
from gallery_search.pipeline.worker import Worker
from gallery_search.remembered import KeptSearch, SearchKind


class SearchKeeper:
    """Any thread; all methods return at once, and the worker does what they ask for."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def request_all(self) -> None:
        """Ask for all searches; answered by SearchesLoaded."""
        self._post(self._worker.kept_searches.tell)

    def recall(self, kind: SearchKind, search_id: int) -> None:
        """Ask for one search; answered by SearchRecalled, or by SearchesLoaded if it is gone."""
        self._post(partial(self._worker.kept_searches.recall, kind, search_id))

    def remember(self, search: KeptSearch, instead_of: KeptSearch | None = None) -> None:
        """Note what was searched for, in the place of what it is a variant of."""
        self._post(partial(self._worker.kept_searches.remember, search, instead_of))

    def save(self, search: KeptSearch) -> None:
        """Save a search; answered by SearchSaved and SearchesLoaded, or by a Notice."""
        self._post(partial(self._worker.kept_searches.save, search))

    def rename(self, search_id: int, name: str) -> None:
        """Call a saved search otherwise; answered by SearchesLoaded, as the following."""
        self._post(partial(self._worker.kept_searches.rename, search_id, name))

    def remove(self, kind: SearchKind, search_id: int) -> None:
        """Forget a search."""
        self._post(partial(self._worker.kept_searches.remove, kind, search_id))

    def clear(self) -> None:
        """Forget all recent searches."""
        self._post(self._worker.kept_searches.clear)

    def set_remembering(self, *, is_remembering: bool) -> None:
        """Keep recent searches from now on, or no longer."""
        task = self._worker.kept_searches.set_remembering
        self._post(partial(task, is_remembering=is_remembering))

    def _post(self, task: Task) -> None:
        # As urgent as a query: whoever looks at the list waits, and the order is kept.
        self._worker.post(Priority.QUERY, task)
