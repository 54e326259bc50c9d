"""A job of one organization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from anju.foundation.db import org_scope, scoped_org

P = ParamSpec("P")


class Job(Generic[P]):
    """A registered job. Calling it runs it here and now, in the open scope; ``defer`` leaves it to a worker."""

    def __init__(self, name: str, body: Callable[P, None], *, queue: str, attempts: int, scoped: bool) -> None:
        self.name, self.body, self.scoped = name, body, scoped
        update_wrapper(self, body)
        retry = RetryStrategy(max_attempts=attempts, exponential_wait=4) if attempts > 1 else False
        self.task: Any = app.task(name=name, queue=queue, retry=retry)(self._run)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.body(*args, **kwargs)

    def defer(self, *args: P.args, **kwargs: P.kwargs) -> int | None:
        """Queue it in the running transaction; returns the job's id. Arguments are ids, given by name."""
        return self.schedule(kwargs)

    def schedule(
        self, kwargs: dict[str, Any], *, at: datetime | None = None, once: str | None = None, alone: str | None = None
    ) -> int | None:
        """Queue it with conditions.

        Args:
            kwargs: the job's arguments: ids and codes, never personal values.
            at: not before this wall time, zone-aware.
            once: while a job with this key waits, another is not queued; returns None then.
            alone: jobs with this key run one after the other.
        """
        org = scoped_org()
        key = f"{org}:{self.name}:{once}" if once is not None else None
        lock = f"{org}:{alone}" if alone is not None else None
        queued = self.task.configure(schedule_at=at, queueing_lock=key, lock=lock)
        try:
            with transaction.atomic():  # the savepoint keeps a repeated key from spoiling the caller's transaction
                return int(queued.defer(org=org, **kwargs))
        except AlreadyEnqueued:
            return None

    def _run(self, *, org: int, **kwargs: Any) -> None:
        body: Callable[..., None] = self.body
        if self.scoped:
            with org_scope(org):
                body(**kwargs)
        else:
            body(org=org, **kwargs)


def job(
    name: str, *, queue: str = "default", attempts: int = 5, scoped: bool = True
) -> Callable[[Callable[P, None]], Job[P]]:
    """Register a job.

    Args:
        name: ``slice.verb``; renaming it orphans what is queued.
        queue: workers may be told to serve only some queues.
        attempts: how often it is tried, waiting 4, 16, 64 … seconds between.
        scoped: open the organization's scope around it, in one transaction. A job that commits in batches says False,
            takes ``org`` and opens its scopes itself.
    """

    def register(body: Callable[P, None]) -> Job[P]:
        return Job(name, body, queue=queue, attempts=attempts, scoped=scoped)

    return register
