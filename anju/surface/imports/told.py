"""Events of imports in words."""

from __future__ import annotations

from functools import partial

from anju.foundation.trace.told import told
from anju.surface.imports.permissions import RUN_IMPORTS

step = partial(told, about="system", icon="file-import", needs=RUN_IMPORTS, quiet=True)
loud = partial(told, about="system", icon="file-import", needs=RUN_IMPORTS)

loud("imports.file.upload", "上传导入文件", "Uploaded a file", icon="file-upload")
step("imports.file.choose_sheet", "选择工作表", "Chose a sheet")
step("imports.file.map", "确认列对应关系", "Confirmed the columns")
step("imports.file.stage", "读取一批数据行", "Read a batch of rows")
step("imports.file.read", "读完导入文件", "Read the file")
loud("imports.file.refuse", "导入文件读不出来", "The file could not be read", tone="warn")
loud("imports.file.apply", "开始导入 {rows} 行", "Began to import {rows} rows")
step("imports.batch.apply", "导入一批数据行", "Imported a batch of rows")
loud("*.finished", "导入完成", "The import is done", tone="ok")
loud("imports.file.drop", "放弃导入文件", "Dropped a file")
