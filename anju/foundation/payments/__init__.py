"""Payment orders, gateways, callbacks, refunds and statements.

Knows orders for an opaque ``(subject_kind, subject_id)`` and a payer; what the money is for is said by the slice that
registered the subject's kind with :mod:`anju.foundation.payments.news`.
"""
