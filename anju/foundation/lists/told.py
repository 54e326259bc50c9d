"""Views of lists in words; machinery of one's own desk, so feeds leave it out."""

from functools import partial

from anju.foundation.trace.told import told

quiet = partial(told, icon="layout-list", quiet=True)

quiet("lists.view.save", "保存了一个列表视图", "Kept a view of a list")
quiet("lists.view.drop", "删除了一个列表视图", "Deleted a view of a list")
quiet("lists.columns.choose", "选择了列表的列", "Chose a list's columns")
