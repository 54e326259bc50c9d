"""Providers as they behave, on this machine: what drill organizations and tests send to."""
