"""Paper and spreadsheets: PDF with Chinese fonts, Excel written as a stream."""

from anju.foundation.documents.pdf import render_pdf
from anju.foundation.documents.sheet import Column, write_sheet

__all__ = ["Column", "render_pdf", "write_sheet"]
