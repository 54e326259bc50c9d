"""Fixtures of this slice's tests; they are made in :mod:`tests.messaging.house`."""

from tests.messaging.house import gateway, house, lasting_house, notify, phone_book, postman

__all__ = ["gateway", "house", "lasting_house", "notify", "phone_book", "postman"]
