"""Reading what people have: workbooks and text tables, however they look. Pure: no Django, no database.

source = open_source(path, "租户台账.xlsx")        # refuses bombs, passwords, garbage: one sentence each
table = read_table(source, sheet=None, knows=…)   # header found, merged cells filled, totals set aside
for row in table.rows(): ...                      # streams; memory does not grow with the rows
"""

from anju.surface.imports.reading.source import Source, open_source
from anju.surface.imports.reading.table import Row, Table, read_table

__all__ = ["Row", "Source", "Table", "open_source", "read_table"]
