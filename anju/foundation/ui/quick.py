"""Jinja made quicker where our pages spend their time; what is rendered stays the same.

One environment for each language: a sentence without variables is translated when its template is compiled, not each
time it is rendered. And a call of a macro, a component or a plain function does not look for a context it never takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import cache
from threading import RLock
from types import FunctionType, MethodType
from typing import Any, cast

import markupsafe
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, override
from jinja2 import Environment, Template, nodes
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)
_as_markup = str.__new__
_NAMED = re.compile(r"%(?:\((\w+)\)s|(%)|(.?))", re.DOTALL)
_OF_DICTS = frozenset(dir(dict))


def written(value: Any) -> str:
    """What ``{{ value }}`` writes: escaped, without the wrapping that a text on its way out has no use for."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    return cast(str, value) if kind is Markup else escape(value)


def said(pieces: tuple[str, ...], *values: Any) -> Markup:
    """A translated sentence cut at its variables, with their values between the pieces."""
    text = [pieces[0]]
    for piece, value in zip(pieces[1:], values, strict=True):
        text += (written(value), piece)
    return _as_markup(Markup, "".join(text))


class QuickMacro(Macro):
    """Called like Jinja's; the usual call, by place or by name, without its questions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = not (self.catch_kwargs or self.catch_varargs or self.explicit_caller) and self._default_autoescape

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """As Jinja's."""
        if not self._usual or len(args) > self._argument_count:
            return super().__call__(*args, **kwargs)
        arguments = [*args, *(kwargs.pop(name, missing) for name in self.arguments[len(args) :])]
        if self.caller:
            caller = kwargs.pop("caller", None)
            if caller is None:
                caller = self._environment.undefined("No caller defined", name="caller")
            arguments.append(caller)
        if kwargs:
            raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(kwargs))!r}")
        return _as_markup(Markup, self._func(*arguments))


class QuickTemplate(Template):
    """A compiled template that writes and calls by the means of this module."""

    @classmethod
    def _from_namespace(cls, environment: Environment, namespace: MutableMapping[str, Any], globals: Any) -> Template:
        namespace.update({"escape": written, "Macro": QuickMacro})
        return super()._from_namespace(environment, namespace, globals)


class QuickContext(Context):
    """Calls directly what takes neither context nor environment. A macro escapes as its environment does."""

    direct: tuple[type, ...] = (Macro, QuickMacro)

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """As Jinja's, for the rest by Jinja's."""
        kind = type(__obj)
        if kind in __self.direct or (
            (kind is FunctionType or kind is MethodType) and getattr(__obj, "jinja_pass_arg", None) is None
        ):
            if kwargs:
                kwargs.pop("_block_vars", None)
                kwargs.pop("_loop_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class LanguageEnvironment(Environment):
    """An environment whose templates are compiled for one language (None: as the sentences are written)."""

    context_class = QuickContext
    template_class = QuickTemplate

    def __init__(self, language: str | None, **options: Any) -> None:
        super().__init__(**options)
        self.language = language
        self.said = said
        self._compiling = RLock()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja's; most of what templates name are keys of rows, which are no attributes to fail at first."""
        if type(obj) is dict and attribute not in _OF_DICTS:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        """As Jinja's, as one dict: every rendering copies it, and a chain of dicts is copied name by name."""
        return {**self.globals, **(d or {})}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """As Jinja's; after a start one thread compiles a template, not each of those who want it."""
        with self._compiling:
            return super().get_template(name, parent, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        with override(self.language):
            return cast(nodes.Template, _Translated().visit(tree))


class _Translated(NodeTransformer):
    """Replaces ``_("…")`` and ``{% trans %}…{% endtrans %}`` by the sentence itself, cut where its variables stand."""

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        """A call of gettext with one text and perhaps named variables."""
        self.generic_visit(node, *args, **kwargs)
        if (
            isinstance(node.node, nodes.Name)
            and node.node.name in ("_", "gettext")
            and len(node.args) == 1
            and isinstance(node.args[0], nodes.Const)
            and not (node.dyn_args or node.dyn_kwargs)
        ):
            values = {pair.key: pair.value for pair in node.kwargs}
            cut = _cut(gettext(node.args[0].value))
            if cut is not None and set(cut[1]) <= values.keys():  # else it misses a variable, and rendering says so
                pieces, names = cut
                if not names:
                    return nodes.Const(Markup(pieces[0]), lineno=node.lineno)  # noqa: S704 — our own sentence
                if len(names) == len(values):
                    parts = nodes.Const(pieces, lineno=node.lineno)
                    told = nodes.EnvironmentAttribute("said", lineno=node.lineno)
                    return nodes.Call(told, [parts, *(values[n] for n in names)], [], None, None, lineno=node.lineno)
        return node


def _cut(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """A sentence's pieces and the names between them; None where it holds more than ``%(name)s`` and ``%%``."""
    pieces, names, begin = [""], [], 0
    for found in _NAMED.finditer(text):
        pieces[-1] += text[begin : found.start()]
        begin = found.end()
        if found[1]:
            names.append(found[1])
            pieces.append("")
        elif found[2]:
            pieces[-1] += "%"
        else:
            return None
    pieces[-1] += text[begin:]
    return tuple(pieces), tuple(names)


@cache
def _shape(name: str, numbers: int) -> str | None:
    """The address of a page with so many numbers in it, with ``%d`` for each; None where it is not that simple."""
    marks = [918_273_640_000 + n for n in range(numbers)]
    try:
        address = reverse(name, args=marks)
    except NoReverseMatch:
        return None
    shape = address.replace("%", "%%")
    for mark in marks:
        if shape.count(str(mark)) != 1:
            return None
        shape = shape.replace(str(mark), "%d")
    return shape if marks == sorted(marks, key=lambda m: address.index(str(m))) else None


def address(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], query: Any) -> str:
    """``reverse``, which takes 20 µs for what is nearly always the same text with another number in it."""
    if not kwargs and query is None and all(type(a) is int and 0 <= a < 918_273_640_000 for a in args):
        shape = _shape(name, len(args))
        if shape is not None:
            return shape % args
    return reverse(name, args=args or None, kwargs=kwargs or None, query=query)
