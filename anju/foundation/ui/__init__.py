"""The design system: Jinja2 environment, components, formats, assets, navigation and forms made from a schema.

A page is ``render(request, "slice/page.html", context, block="list")``; see README.md beside this file.
"""

from anju.foundation.ui import nav
from anju.foundation.ui.page import page_global, render, render_text, toast

__all__ = ["nav", "page_global", "render", "render_text", "toast"]
