"""A finding as the fragment of HTML that Jupyter shows."""

from html import escape

from switchstats.labels import Language, Text, label
from switchstats.values.cells import TEST_COLUMNS, cells_of
from switchstats.values.rates import Rates
from switchstats.values.result import TestResult
from switchstats.values.verdict import Verdict
from switchstats.values.wording import sentences

__all__ = ["finding_html"]


def finding_html(
    question: Text,
    verdict: Verdict,
    tests: tuple[TestResult, ...],
    rates: Rates,
    language: Language,
) -> str:
    """Return question, verdict and tests; every text is escaped."""
    first, *rest = (escape(part[language]) for part in sentences(verdict))
    head = _row("th", [label(f"column.{name}", language) for name in TEST_COLUMNS])
    body = "".join(_row("td", cells_of(test, rates, language)) for test in tests)
    return (
        f"<p>{escape(question[language])}</p>"
        f"<p><strong>{first}</strong> {' '.join(rest)}</p>"
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
    )


def _row(tag: str, cells: "tuple[str, ...] | list[str]") -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
