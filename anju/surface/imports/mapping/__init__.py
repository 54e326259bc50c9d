"""Which column is which field: guessed from titles and contents, corrected by a person, remembered. Pure."""

from anju.surface.imports.mapping.draft import Draft, Problem, read_row
from anju.surface.imports.mapping.fields import Field, Kind, Unkept, knows
from anju.surface.imports.mapping.guess import Guess, guess

__all__ = ["Draft", "Field", "Guess", "Kind", "Problem", "Unkept", "guess", "knows", "read_row"]
