"""A table under each way in which its digits may have been rounded: which of them are possible."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from switchstats.bounds.component import Range
from switchstats.bounds.conflicts import Conflict
from switchstats.bounds.constraints import Constraint
from switchstats.bounds.identified import downward, hull_of, upward
from switchstats.bounds.reading import RULES
from switchstats.bounds.under_rule import UnderRule
from switchstats.values import Interval, PublishedTable, RoundingRule

__all__ = ["Readings"]


@dataclass(frozen=True, eq=False)
class Readings:
    """One reading a rule; each answer covers every rule that is possible.

    Parameters
    ----------
    each
        By rule, at least one.
    """

    each: tuple[UnderRule, ...]

    @classmethod
    def of(
        cls, table: PublishedTable, constraints: tuple[Constraint, ...], rule: RoundingRule
    ) -> "Readings":
        """Return the readings of a table, one for each rule where the rule is not known.

        Raises
        ------
        UsageError
            When a constraint names a retailer, group or period that the table lacks.
        """
        rules = RULES if rule == "unknown" else (rule,)
        made = cls(tuple(UnderRule(table, constraints, one) for one in rules))
        for part in made.each[0].parts:
            _ = part.system  # names that the table lacks are refused here
        return made

    @property
    def rounding(self) -> tuple[RoundingRule, ...]:
        """All the rules."""
        return tuple(one.rounding for one in self.each)

    @property
    def rules(self) -> tuple[RoundingRule, ...]:
        """The rules under which the table is not proved impossible."""
        return tuple(one.rounding for one in self.each if one.consistent is not False)

    @cached_property
    def consistent(self) -> bool | None:
        """Whether the table is possible under some rule; ``None`` where neither was proved."""
        answers = [one.consistent for one in self.each]
        if True in answers:
            return True
        return None if None in answers else False

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Cells that cannot all be right, under the first rule; none of a possible table."""
        return self.each[0].conflicts if self.consistent is False else ()

    @cached_property
    def slack(self) -> Interval | None:
        """By how many last digits every cell can move inward, under the rule that allows most."""
        found = [slack for slack in (one.slack for one in self.each) if slack]
        if not found:
            return None
        low, high = (max(ends) for ends in zip(*found, strict=True))
        return Interval(downward(low), upward(high), "identified")

    @cached_property
    def possible(self) -> tuple[UnderRule, ...]:
        """Those whose ranges count; half to even has those of half up if that is possible."""
        found = [one for one in self.each if one.consistent is not False]
        if not found:
            return self.each[:1]
        rules = {one.rounding for one in found if one.consistent}
        return tuple(one for one in found if one.rounding != "half_even" or "half_up" not in rules)

    def hull(self, asked: Callable[[UnderRule], Range]) -> Range:
        """Return the range that covers what is asked under every rule that counts."""
        return hull_of([asked(one) for one in self.possible])
