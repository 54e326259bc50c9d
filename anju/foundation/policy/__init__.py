"""What an operator may want different: declared models, immutable versions, insert-only releases."""

from anju.foundation.policy.registry import Finding, PolicyModel, all_declared, declared, policy

__all__ = ["Finding", "PolicyModel", "all_declared", "declared", "policy"]
