"""Work done later or by the clock, kept in PostgreSQL: thin glue over procrastinate.

    @job("messaging.dispatch")                      # in the slice's jobs.py
    def dispatch(*, message_id: int) -> None: ...   # the organization's scope is open

    dispatch.defer(message_id=7)                    # inside an action: commits or vanishes with it

    @daily("billing.run", at="02:00")               # business time; a clock that jumps replays each day in order
    def run_billing(org: int, day: date) -> None: ...

    @every("messaging.outbox", minutes=1)           # wall time
    def drain(org: int, now: datetime) -> None: ...

Jobs carry ids, may run twice, and call one action.
"""

from anju.foundation.jobs.job import Job, job
from anju.foundation.jobs.ticks import daily, every

__all__ = ["Job", "daily", "every", "job"]
