"""Lists as each person likes them: saved views, chosen columns. Pages use :mod:`anju.foundation.lists.listing`."""
