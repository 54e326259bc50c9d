"""Templates are made quicker; what they write is what Jinja writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any, ClassVar

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from anju.foundation.ui.quick import LanguageEnvironment

NASTY = "<b title='x'>\"&</b>"
SAMPLES = [
    "{{ value }}|{{ value|upper }}|{{ 7 }}|{{ none }}|{{ amount }}|{{ safe }}",
    "{% macro two(a, b=none, c='') %}<i>{{ a }}{{ b }}{{ c }}</i>{% endmacro %}"
    "{{ two(value) }}{{ two(safe, c=value) }}",
    "{% macro box(t) %}<p>{{ t }}{{ caller() }}</p>{% endmacro %}{% call box(value) %}{{ value }}{% endcall %}",
    "{% macro may(t) %}{{ t }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}{{ may(1) }}",
    "{% macro many(a) %}{{ a }}{{ varargs|join }}{{ kwargs.z }}{% endmacro %}{{ many(1, value, z=value) }}",
    "{{ row.name }}{{ row.keys()|list }}{{ row.get('none', value) }}"
    "{% for k, v in row.items() %}{{ k }}{{ v }}{% endfor %}",
    "{% set kept %}<b>{{ value }}</b>{% endset %}{{ kept }}{{ value ~ safe }}{{ [value, safe]|join }}",
]


@pytest.mark.parametrize("source", SAMPLES)
def test_what_is_written_is_what_jinja_writes(source: str) -> None:
    options: dict[str, Any] = {"autoescape": True, "undefined": StrictUndefined}
    names = {
        "value": NASTY, "safe": Markup("<u>u</u>"), "amount": Decimal("1.50"),
        "row": {"name": NASTY, "items_": 1},
    }  # fmt: skip
    quick, usual = LanguageEnvironment("zh-hans", **options), Environment(**options)
    assert quick.from_string(source).render(names) == usual.from_string(source).render(names)


@pytest.mark.parametrize(
    "source", ["{{ row.nothing }}", "{{ nothing }}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}"]
)
def test_what_is_not_there_stops_the_page(source: str) -> None:
    made = LanguageEnvironment("zh-hans", autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        made.from_string(source).render(row={})


@pytest.mark.parametrize("call", ["m(1, 2)", "m(b=1)"])
def test_a_macro_takes_only_what_it_names(call: str) -> None:
    made = LanguageEnvironment("zh-hans", autoescape=True, undefined=StrictUndefined)
    with pytest.raises(TypeError):
        made.from_string("{% macro m(a=1) %}{{ a }}{% endmacro %}{{ " + call + " }}").render()


def test_a_sentence_escapes_its_variables_and_keeps_its_percent_sign() -> None:
    made = LanguageEnvironment("zh-hans", autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"])
    text = '{{ _("至 %(d)s，100%% 是 %(who)s 的", d=day, who=name) }}'
    assert made.from_string(text).render(day=1, name=NASTY) == (
        "至 1，100% 是 &lt;b title=&#39;x&#39;&gt;&#34;&amp;&lt;/b&gt; 的"
    )


class Told(LanguageEnvironment):
    """Says what it compiled, and how often."""

    compiled: ClassVar[list[str | None]] = []

    def _parse(self, source: str, name: str | None, filename: str | None) -> Any:
        self.compiled.append(name)
        return super()._parse(source, name, filename)


def test_after_a_start_one_thread_compiles_a_template_for_all_who_want_it() -> None:
    all_here = Barrier(8)
    made = Told(None, loader=DictLoader({"page.html": "{{ n }}" + "{% if n %}{{ n }}{% endif %}" * 2000}))

    def visit(n: int) -> str:
        all_here.wait(timeout=30)
        return made.get_template("page.html").render(n=n)

    with ThreadPoolExecutor(8) as visitors:
        written = list(visitors.map(visit, range(8)))
    assert written[0] == "0"
    assert written[7] == "7" * 2001
    assert made.compiled == ["page.html"]
