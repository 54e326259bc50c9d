"""Measuring the product beside its floor: the same rows, the same tables and indexes, the same server, in one run."""
