"""Recurring engines: plan in SQL, decide with a reason, apply in batches, prove every row."""
