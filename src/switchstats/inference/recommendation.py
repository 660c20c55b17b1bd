"""What `recommend` returns: the test for these data, why, and what they cannot give."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from switchstats.errors import NotAnswerableError
from switchstats.labels import Language, Text, display_language, group_name, joined, label
from switchstats.periods import Period
from switchstats.values import Caution, Counts, Shown, TestResult, Unanswerable
from switchstats.values.html import html_table

__all__ = ["Choice", "Facts", "Option", "Recommendation"]

Option = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the choice of a test rests on.

    Parameters
    ----------
    n_by_group
        Retailers with requests in the first and in the second group.
    n_effective
        The same, weighted: one over the sum of squared shares of requests.
    largest_share
        Share of each group's requests that its largest retailer filed: the skew of volumes.
    pooled_rate
        Errors over requests of both groups together.
    varies
        Whether the retailers' rates vary within at least one group.
    expected_errors
        Median over retailers of the errors expected at the pooled rate: small when data are sparse.
    strata
        What the counts tell apart.
    losing_overlap
        Share of their requests for which both groups leave the same losing retailers; ``None``
        where the counts do not tell these apart.
    n_periods
        Periods that the counts tell apart.
    """

    n_by_group: tuple[int, int]
    n_effective: tuple[float, float]
    largest_share: tuple[float, float]
    pooled_rate: float
    varies: bool
    expected_errors: float
    strata: tuple[str, ...] = ()
    losing_overlap: float | None = None
    n_periods: int = 1

    @property
    def n_units(self) -> int:
        """Retailers in all."""
        return sum(self.n_by_group)

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "n_by_group": list(self.n_by_group),
            "n_effective": list(self.n_effective),
            "largest_share": list(self.largest_share),
            "pooled_rate": self.pooled_rate,
            "varies": self.varies,
            "expected_errors": self.expected_errors,
            "strata": list(self.strata),
            "losing_overlap": self.losing_overlap,
            "n_periods": self.n_periods,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Shown):
    """The test of one estimand.

    Parameters
    ----------
    estimand
        Catalogue key below ``estimand.``.
    test, options
        Public name in `switchstats.inference`, and its arguments.
    holds
        Whether the test held its nominal size in the package's calibration in every world like
        these data; where it is ``False``, `reasons` say why not.
    reasons, cautions
        Why this one, and what may mislead.
    """

    estimand: str
    test: str
    options: Mapping[str, Option]
    holds: bool
    reasons: tuple[Text, ...]
    cautions: tuple[Caution, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "estimand": self.estimand,
            "test": self.test,
            "options": dict(self.options),
            "holds": self.holds,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "cautions": [caution.to_dict() for caution in self.cautions],
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recommendation:
    """The primary test for these data, and what they cannot give.

    Parameters
    ----------
    choices
        One for each estimand that can be tested, the primary one first.
    not_computable
        What these data cannot give, why, and what would.
    facts
        What the choice rests on.
    groups, period
        What is compared.
    language
        Language of the display, every text being held in both; `display_language` by default.
    """

    choices: tuple[Choice, ...]
    not_computable: tuple[Unanswerable, ...]
    facts: Facts
    groups: tuple[str, str]
    period: Period | None
    language: Language | None = None

    @property
    def primary(self) -> Choice | None:
        """The first choice, ``None`` when no test of the groups can be computed."""
        return self.choices[0] if self.choices else None

    @property
    def test(self) -> str | None:
        """Public name of the primary test in `switchstats.inference`."""
        return None if self.primary is None else self.primary.test

    @property
    def options(self) -> Mapping[str, Option]:
        """Arguments of the primary test."""
        return {} if self.primary is None else self.primary.options

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Why the primary test."""
        return () if self.primary is None else self.primary.reasons

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What may mislead in the primary test."""
        return () if self.primary is None else self.primary.cautions

    def run(self, counts: Counts) -> tuple[TestResult | Unanswerable, ...]:
        """Return the results of the chosen tests on these counts, the primary first.

        Parameters
        ----------
        counts
            Those that the recommendation was made for, or others like them.

        Returns
        -------
        tuple of TestResult or Unanswerable
            One for each of `choices`; a test that other counts refuse says why, and leaves the
            others alone.
        """
        return tuple(self._run(choice, counts) for choice in self.choices)

    def _run(self, choice: Choice, counts: Counts) -> TestResult | Unanswerable:
        from switchstats import inference

        test = getattr(inference, choice.test)
        try:
            return test(counts, groups=self.groups, period=self.period, **choice.options)
        except NotAnswerableError as refusal:
            parts = (refusal.quantity, refusal.reason, refusal.needs)
            return Unanswerable(choice.test, *(Text(part, part) for part in parts))

    def summary(self, language: Language | None = None) -> str:
        """Return the tests, reasons, cautions and what is not computable, as plain text."""
        chosen = language or self.language or display_language()
        lines: list[str] = []
        for choice in self.choices:
            lines += [f"{label(f'estimand.{choice.estimand}', chosen)}: {_call(choice)}"]
            lines += [f"  - {text[chosen]}" for text in _why(choice)]
        if self.not_computable:
            lines += ["", label("recommend.not_computable", chosen)]
        lines += [f"  - {_refusal(item, chosen)}" for item in self.not_computable]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        chosen = self.language or display_language()
        head = [label(f"recommend.column_{name}", chosen) for name in ("estimand", "test", "why")]
        body = [
            (
                label(f"estimand.{choice.estimand}", chosen),
                _call(choice),
                " ".join(text[chosen] for text in _why(choice)),
            )
            for choice in self.choices
        ]
        names = joined(group_name(name) for name in self.groups)[chosen]
        refused = "".join(
            f"<li>{escape(_refusal(item, chosen))}</li>" for item in self.not_computable
        )
        return (
            f"<p>{escape(names)}</p>{html_table(head, body)}"
            f"<p>{escape(label('recommend.not_computable', chosen))}</p><ul>{refused}</ul>"
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "test": self.test,
            "options": dict(self.options),
            "choices": [choice.to_dict() for choice in self.choices],
            "not_computable": [item.to_dict() for item in self.not_computable],
            "facts": self.facts.to_dict(),
            "groups": list(self.groups),
            "period": None if self.period is None else self.period.to_dict(),
        }


def _call(choice: Choice) -> str:
    options = "".join(f", {name}={value!r}" for name, value in choice.options.items())
    return f"{choice.test}(counts{options})"


def _why(choice: Choice) -> tuple[Text, ...]:
    return (*choice.reasons, *(caution.message for caution in choice.cautions))


def _refusal(item: Unanswerable, language: Language) -> str:
    return label(
        "summary.refusal",
        language,
        quantity=item.quantity,
        reason=item.reason,
        needs=item.needs,
    )
