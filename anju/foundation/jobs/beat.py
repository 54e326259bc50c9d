"""The worker's pulse: queues the ticker once a minute.

Counted by a clock that nobody can set. A schedule by the time of day would be silent for an hour after the machine's
clock was set back an hour, for its minutes have all been served before.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error, connections, transaction
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

EVERY_S = 60.0
log = logging.getLogger(__name__)


def beat(stop: threading.Event, every_s: float = EVERY_S) -> None:
    """Queue the ticker at once and then again and again until told to stop. Every worker has a pulse; what already
    waits is not queued twice, and what is done twice does no harm.
    """
    while True:
        try:
            queue_ticker()
        except (Error, ConnectorException) as error:
            log.warning("no pulse: %s", type(error).__name__)  # the database is away; the next one comes
        finally:
            connections.close_all()
        if stop.wait(every_s):
            return


def queue_ticker() -> None:
    """Leave one tick and one look for what killed workers left, unless they wait already."""
    from anju.foundation.jobs.jobs import take_up, tick

    for task in (tick, take_up):
        try:
            with transaction.atomic():
                task.defer()
        except AlreadyEnqueued:
            continue
