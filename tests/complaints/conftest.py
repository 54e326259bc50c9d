"""Two neighbours, a service agent and a manager; the same block as the repairs' tests."""

from tests.workorders.conftest import agent, block, technician

__all__ = ["agent", "block", "technician"]
