"""Files in words, whoever stored them."""

from anju.foundation.trace.told import told

told("*.file", "附上一个文件", "Attached a file", icon="paperclip", about="data", quiet=True)
