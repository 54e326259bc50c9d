"""The only way to write: permission, transaction and trace in one place."""

from anju.foundation.actions.action import Act, Action, action, registry

__all__ = ["Act", "Action", "action", "registry"]
