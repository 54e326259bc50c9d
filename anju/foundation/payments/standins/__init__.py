"""Gateways on loopback: they sign, encrypt and behave like the real ones, with keys of their own, and move no money."""
