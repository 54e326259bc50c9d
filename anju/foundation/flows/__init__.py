"""Cases that people move: stages, who may act, what is needed, time limits, escalation, effects (one engine for all).

A definition is a policy (:mod:`anju.foundation.flows.definition`); a running case keeps the version it began with.
"""
