"""Backup and restore: data, files and keys apart, whole or not at all, to the second where the log is archived.

``copy`` makes one backup of everything but keys, ``keyring`` keeps the keys elsewhere; ``archive`` is the embedded
server's log with base copies, from which any moment comes back. ``recovery`` brings either into an empty installation.
Every step takes ``report(done, total, what)``.
"""
