"""The provider of masked calls on this machine."""
