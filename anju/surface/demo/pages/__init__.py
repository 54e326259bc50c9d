"""Pages that only drill organizations have."""
