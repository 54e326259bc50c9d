"""Events of sweeps in words: each batch is one event; what was decided about whom shows as decisions."""

from anju.foundation.trace.told import told

told("sweeps.batch.apply", "自动任务处理完一批", "An engine finished a batch", icon="robot", quiet=True)
