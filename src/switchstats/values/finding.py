"""A finding: what a study asked, computed, checked and concluded."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from switchstats.labels import Language, Text, display_language, label
from switchstats.values.cells import TEST_COLUMNS, cells_of
from switchstats.values.contrast import PeriodEffect, RetailerEffect
from switchstats.values.html import html_table
from switchstats.values.identified import IdentifiedQuantity, identified_sentences
from switchstats.values.provenance import Provenance
from switchstats.values.published import Source
from switchstats.values.rates import Rates
from switchstats.values.result import TestResult
from switchstats.values.standing import Standing
from switchstats.values.verdict import Check, Outcome, Unanswerable, Verdict
from switchstats.values.wording import headline, sentences

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finding:
    """The result of one study, shown readably in a terminal and in Jupyter.

    Parameters
    ----------
    study
        Name of the design.
    question
        What was asked.
    rates
        The rates behind it.
    primary
        The test named beforehand; the verdict rests on it alone.
    secondary
        All other tests, not adjusted for their number; they never decide.
    checks
        What could undo the primary test, and whether it does.
    not_answerable
        What these data cannot give, refused by name.
    verdict
        The conclusion.
    provenance
        What it was made from.
    source
        Where a printed table stands, ``None`` for other data.
    identified
        What is known only to a range, without sampling error; not confidence intervals.
    effects
        What the study finds for single retailers, where it is about these.
    path
        For a design around the end of access: what it finds for each month.
    league
        Where each retailer stands, for a study that looks at them one by one.
    parts
        The findings that this one sums up, each whole.
    language
        Language of the display, every text being held in both; `display_language` by default.
    """

    study: str
    question: Text
    rates: Rates
    primary: TestResult | None
    secondary: tuple[TestResult, ...]
    checks: tuple[Check, ...]
    not_answerable: tuple[Unanswerable, ...]
    verdict: Verdict
    provenance: Provenance
    source: Source | None = None
    identified: tuple[IdentifiedQuantity, ...] = ()
    effects: tuple[RetailerEffect, ...] = ()
    path: tuple[PeriodEffect, ...] = ()
    league: tuple[Standing, ...] = ()
    parts: "tuple[Finding, ...]" = ()
    language: Language | None = None

    @property
    def tests(self) -> tuple[TestResult, ...]:
        """All tests, the primary first."""
        return self.secondary if self.primary is None else (self.primary, *self.secondary)

    @property
    def deciding(self) -> "Finding | None":
        """The finding whose verdict this one is: itself, or the first of its parts that could run.

        ``None`` where none of its parts could.

        Examples
        --------
        >>> import switchstats as ss
        >>> ss.Dossier().run(ss.load_published("egc-083")).deciding.study
        'published_only'
        """
        ran = (each for each in self.parts if each.verdict.outcome is not Outcome.NOT_ANSWERABLE)
        return next(ran, None) if self.parts else self

    @property
    def sentences(self) -> tuple[Text, ...]:
        """The verdict in sentences, headline first, and what is identified besides."""
        verdict, label_of = self.verdict, self.rates.label
        besides = identified_sentences(self.identified, verdict.groups, label_of)
        *said, grade = sentences(verdict)
        return (*said, *besides, grade)

    def summary(self, language: Language | None = None) -> str:
        """Return the verdict, the checks and what is not answerable, as plain text."""
        chosen = language or self.language or display_language()
        lines = [self.question[chosen], ""]
        lines += [f"{sentence[chosen]}" for sentence in self.sentences]
        if self.checks:
            lines += ["", label("heading.checks", chosen)]
        lines += [f"  [{_mark(check, chosen)}] {check.text[chosen]}" for check in self.checks]
        if self.not_answerable:
            lines += ["", label("heading.not_answerable", chosen)]
        lines += [
            "  - "
            + label(
                "summary.refusal",
                chosen,
                quantity=item.quantity,
                reason=item.reason,
                needs=item.needs,
            )
            for item in self.not_answerable
        ]
        return "\n".join(lines)

    def paragraph(self, language: Language | None = None) -> str:
        """Return the verdict as one paragraph that can go on a slide."""
        chosen = language or self.language or display_language()
        return ("" if chosen == "ja" else " ").join(part[chosen] for part in self.sentences)

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        chosen = self.language or display_language()
        first, *rest = (escape(part[chosen]) for part in self.sentences)
        head = [label(f"column.{name}", chosen) for name in TEST_COLUMNS]
        tests = html_table(head, [cells_of(test, self.rates, chosen) for test in self.tests])
        words = f"<p><strong>{first}</strong> {' '.join(rest)}</p>"
        return f"<p>{escape(self.question[chosen])}</p>{words}{tests}"

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a test, the primary first, in a fresh pandas frame."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "role": "primary" if test is self.primary else "secondary",
                    "method": test.method,
                    "estimand": test.estimand,
                    "scale": test.scale,
                    "weighting": test.weighting,
                    "period": None if test.period is None else self.rates.label(test.period).en,
                    "baseline": (
                        None if test.baseline is None else self.rates.label(test.baseline).en
                    ),
                    "alternative": test.alternative,
                    "estimate": test.estimate,
                    "null": test.null,
                    "p_value": test.p_value,
                    "low": None if test.interval is None else test.interval.low,
                    "high": None if test.interval is None else test.interval.high,
                    "level": None if test.interval is None else test.interval.level,
                    "interval_kind": None if test.interval is None else test.interval.kind,
                    "p_rounding_low": None if test.p_rounding is None else test.p_rounding.low,
                    "p_rounding_high": None if test.p_rounding is None else test.p_rounding.high,
                    "n_units": test.n_units,
                    "n_effective": test.n_effective,
                }
                for test in self.tests
            ]
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types as in ``results.json``."""
        return {
            "study": self.study,
            "question": self.question.to_dict(),
            "verdict": self.verdict.to_dict()
            | {
                "headline": headline(self.verdict).to_dict(),
                "paragraph": {"ja": self.paragraph("ja"), "en": self.paragraph("en")},
                "sentences": [sentence.to_dict() for sentence in self.sentences],
            },
            "tests": [
                {"role": "primary" if test is self.primary else "secondary"} | test.to_dict()
                for test in self.tests
            ],
            "checks": [check.to_dict() for check in self.checks],
            "identified": [each.to_dict() for each in self.identified],
            "effects": [each.to_dict() for each in self.effects],
            "path": [each.to_dict() for each in self.path],
            "league": [each.to_dict() for each in self.league],
            "parts": [part.to_dict() for part in self.parts],
            "not_answerable": [item.to_dict() for item in self.not_answerable],
            "provenance": self.provenance.to_dict(),
        }

    def plot(self, language: Language | None = None) -> "Figure":
        """Draw the rates by retailer and period; see `switchstats.figures.rates_by_period`."""
        from switchstats.figures import rates_by_period

        return rates_by_period(
            self.rates,
            source=self.source,
            language=language or self.language or display_language(),
            size="notebook",
        )


def _mark(check: Check, language: Language) -> str:
    key = {True: "passed", False: "failed", None: "unknown"}[check.passed]
    return label(f"check_mark.{key}", language)
