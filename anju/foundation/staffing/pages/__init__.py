"""Sign-in and one's own account."""
