"""The primary comparison: two groups' rates, and the test that the rules name for them."""

from dataclasses import dataclass, replace

import numpy as np

from switchstats import inference
from switchstats.inference.groups import Ints, TwoGroups
from switchstats.inference.question import Direction
from switchstats.inference.recommendation import Choice, Option
from switchstats.studies.decide import Conclusion, conclude
from switchstats.studies.declaration import Declaration
from switchstats.values import TestResult

__all__ = ["Comparison", "Judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Requests and errors of two groups, the chosen test, and the terms on which it is judged.

    Parameters
    ----------
    two
        Retailers with requests.
    choice
        The test for the equal-weight difference.
    terms
        Margin, level, seed.
    n_draws
        Where a draw, or a studentised test of every split, would take long: so many random splits
        instead. ``None``: as the test does by itself.
    """

    two: TwoGroups
    choice: Choice
    terms: Declaration
    n_draws: int | None = None

    def test(self, alternative: Direction) -> TestResult:
        """Return the chosen test of the equal-weight difference."""
        run = getattr(inference, self.choice.test)
        result: TestResult = run(
            *_arrays(self.two),
            alternative=alternative,
            level=self.terms.level,
            **self._options(),
        )
        return replace(
            result,
            period=self.two.period,
            cautions=(*result.cautions, *self.choice.cautions),
            notes=(*self.two.notes, *result.notes),
        )

    def judge(self) -> "Judged":
        """Return both one-sided tests and what their bounds say."""
        less, greater = self.test("less"), self.test("greater")
        return Judged(
            less=less, greater=greater, conclusion=conclude(less, greater, self.terms.margin)
        )

    def without(self, place: int) -> "Comparison":
        """Return the same without the retailer at `place`."""
        two, n = self.two, self.two.n_by_group
        kept = np.arange(two.n_units) != place
        fewer = replace(
            two,
            errors=two.errors[kept],
            requests=two.requests[kept],
            n_by_group=(n[0] - 1, n[1]) if place < n[0] else (n[0], n[1] - 1),
            retailers=tuple(name for at, name in enumerate(two.retailers) if at != place),
        )
        return replace(self, two=fewer)

    def _options(self) -> dict[str, Option]:
        options = dict(self.choice.options)
        drawn = "seed" in options
        studentised = options.get("statistic") == "studentised"
        if drawn:
            options["seed"] = self.terms.seed
        if self.n_draws is not None and (drawn or studentised):
            options |= {"n_draws": self.n_draws, "seed": self.terms.seed}
            options |= {"max_splits": self.n_draws} if studentised else {}
        return options


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The pair of one-sided tests that decides, and what follows from their bounds."""

    less: TestResult
    greater: TestResult
    conclusion: Conclusion


def _arrays(two: TwoGroups) -> tuple[Ints, Ints, Ints, Ints]:
    n = two.n_by_group[0]
    return two.errors[:n], two.requests[:n], two.errors[n:], two.requests[n:]
