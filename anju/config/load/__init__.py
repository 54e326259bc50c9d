"""How much the web takes at once, what it does beyond that, and how anybody can see it.

``admission`` lets so many requests work and so many wait, and turns the rest away with a sentence; ``figures`` are each
process's numbers in shared files; ``metrics`` shows them, with the queue's and the outbox's, to Prometheus.
"""
