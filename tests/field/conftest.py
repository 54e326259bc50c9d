"""The homes of repairs."""

from tests.workorders.conftest import block

__all__ = ["block"]
