"""Cells into values: dates, money, phones, rooms, terms as people write them in China.

Every parser takes a cell and returns a value, or raises ``Refused`` with a code of ``import.cell.…`` whose ``field``
the caller fills in. None of them guesses where two readings are possible.
"""

from anju.surface.imports.reading.values.dates import parse_date, parse_dates
from anju.surface.imports.reading.values.moments import parse_moment
from anju.surface.imports.reading.values.money import Price, parse_money, parse_number, parse_price
from anju.surface.imports.reading.values.people import parse_id_number, parse_phones, parse_sex
from anju.surface.imports.reading.values.rooms import Room, parse_room
from anju.surface.imports.reading.values.terms import PayTerms, parse_pay_terms, parse_term

__all__ = [
    "PayTerms",
    "Price",
    "Room",
    "parse_date",
    "parse_dates",
    "parse_id_number",
    "parse_moment",
    "parse_money",
    "parse_number",
    "parse_pay_terms",
    "parse_phones",
    "parse_price",
    "parse_room",
    "parse_sex",
    "parse_term",
]
