"""Messages to people: an outbox in the database, channels, receipts, threads and short links.

Knows contacts, templates, variables and an opaque subject; no rental words. Above it, slices

- put messages into the outbox: :func:`anju.foundation.messaging.outbox.enqueue`, or the ``INSERT … SELECT`` contract
  there;
- declare texts as :class:`anju.foundation.messaging.texts.MessageText` inside their policies;
- register a recheck (``rechecks``), the source of addresses (``contacts``) and listeners to results (``rechecks``).
"""
