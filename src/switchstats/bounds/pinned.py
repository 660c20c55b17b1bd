"""How closely a printed table pins one secret of a retailer: a share, a volume, a blank cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from switchstats.bounds.audit import Audit, audit
from switchstats.bounds.constraints import Constraint, Number, Volume, exact
from switchstats.bounds.identified import downward, upward
from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, percent, text
from switchstats.values import Interval, PublishedTable, RoundingRule, Shown
from switchstats.values.outward import ceiling_digits, floor_digits

if TYPE_CHECKING:
    from switchstats.bounds.functional import Functional

__all__ = ["Knowledge", "Pinned", "Secret", "SecretKind", "pinned", "secrets_of", "volume_range"]

_TWO_PARTS = 2
_PLACES = 3  # of a fraction: a per cent with one decimal

SecretKind: TypeAlias = Literal["share_of_group", "share_of_period", "volume", "blank_cell"]


@dataclass(frozen=True, slots=True)
class Secret(Shown):
    """One quantity of a retailer that a table does not print.

    Parameters
    ----------
    kind
        ``"share_of_group"``: of its group's requests in the period; ``"share_of_period"``: of its
        own requests; ``"volume"``: its requests in the period; ``"blank_cell"``: the rate itself.
    retailer
        Whose.
    column
        Place of the printed period.
    """

    kind: SecretKind
    retailer: str
    column: int

    def words(self, table: PublishedTable) -> Text:
        """Return its name."""
        return text(f"disclosure.{self.kind}", period=table.periods[self.column].label)


@dataclass(frozen=True, slots=True)
class Pinned(Shown):
    """A secret with the proved range that an outsider can work out.

    Parameters
    ----------
    secret
        What.
    interval
        Nothing possible lies outside: a fraction of requests, or requests of a volume.
    """

    secret: Secret
    interval: Interval

    @property
    def width(self) -> float:
        """What stays open: a fraction of requests; of a volume, a fraction of its high end."""
        low, high = self.interval.low or 0.0, self.interval.high
        if high is None:
            return 1.0
        if self.secret.kind != "volume":
            return high - low
        return (high - low) / high if high > 0 else 0.0

    @property
    def ends(self) -> Text:
        """The range in words, its ends rounded outward."""
        low, high = self.interval.low or 0.0, self.interval.high
        if self.secret.kind == "volume":
            greatest = "" if high is None else f"{ceiling_digits(high, 0):,}"
            return text("interval.both", low=f"{floor_digits(low, 0):,}", high=greatest)
        ends = (floor_digits(low, _PLACES), ceiling_digits(high or 0.0, _PLACES))
        both = text("interval.both", low=percent(float(ends[0])), high=percent(float(ends[1])))
        return text("display.percent", value=both)

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "kind": self.secret.kind,
            "period": table.periods[self.secret.column].period.to_dict(),
            "low": self.interval.low,
            "high": self.interval.high,
            "width": self.width,
        }


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an outsider knows besides the table, and how it is read.

    Parameters
    ----------
    constraints
        As for `audit`.
    rounding
        The rule.
    total
        Requests of everybody in the longest printed period; by itself it ties nothing together.
    """

    constraints: tuple[Constraint, ...]
    rounding: RoundingRule
    total: Number | None = None

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """Volumes with a greatest number, against which others can be scaled."""
        found = [
            each for each in self.constraints if isinstance(each, Volume) and each.high is not None
        ]
        return (*found, *([] if self.total is None else [Volume(low=self.total, high=self.total)]))

    def scope(self, secret: Secret, table: PublishedTable) -> PublishedTable:
        """Return as much of a table as can bear on a secret.

        Without constraints nothing ties groups together, and without averages no retailer bears on
        another's own shares and rates.
        """
        if self.constraints or secret.kind == "volume":
            return table
        group = next(each.group for each in table.retailers if each.retailer == secret.retailer)
        rows, averages = (
            tuple(row for row in some if row.group == group)
            for some in (table.rows, table.averages)
        )
        if secret.kind != "share_of_group" and not any(any(row.cells) for row in averages):
            rows = tuple(
                row for row in rows if row.retailer and row.retailer.retailer == secret.retailer
            )
        return replace(table, rows=rows, averages=averages)

    def audit(self, table: PublishedTable) -> Audit:
        """Audit a table, or a scope of it, with all that is known."""
        return audit(table, self.constraints, self.rounding)


def secrets_of(table: PublishedTable, knowledge: Knowledge) -> tuple[Secret, ...]:
    """Return every secret of a table, retailer by retailer.

    The share of a group's only retailer is none, and of two periods that make up the longest one
    the shorter says it all.
    """
    columns = range(len(table.periods))
    whole = table.column(table.widest_period)
    told = {whole}
    parts = table.parts(table.widest_period)
    if len(parts) == _TWO_PARTS:
        told.add(table.column(max(parts, key=lambda part: part.n_days)))
    found: list[Secret] = []
    for row in table.rows:
        name = row.retailer.retailer if row.retailer else ""
        if len(table.members(row.group)) > 1:
            found += [Secret("share_of_group", name, column) for column in columns]
        found += [Secret("share_of_period", name, each) for each in columns if each not in told]
        if knowledge.volumes:
            found.append(Secret("volume", name, whole))
        found += [Secret("blank_cell", name, each) for each in columns if row.cells[each] is None]
    return tuple(found)


def pinned(found: Audit, secret: Secret, knowledge: Knowledge) -> Pinned:
    """Return the range of a secret; the widest one where the table says nothing of it.

    Raises
    ------
    NotAnswerableError
        When the table is impossible: that nothing bounds a secret then means nothing.
    """
    period = found.table.periods[secret.column].period
    try:
        if secret.kind == "volume":
            interval = volume_range(found, secret, knowledge.volumes)
        elif secret.kind == "share_of_group":
            interval = found.unit_share(secret.retailer, period).interval
        elif secret.kind == "share_of_period":
            interval = found.period_share(secret.retailer, period).interval
        else:
            interval = found.rate(secret.retailer, period).interval
    except NotAnswerableError:
        if found.consistent is False:
            raise
        # nothing in the table bounds it
        interval = Interval(0.0, 1.0, "identified")
    return Pinned(secret, interval)


def volume_range(found: Audit, secret: Secret, volumes: Sequence[Volume]) -> Interval:
    """Return a proved range of a retailer's requests from volumes that are known.

    Each known volume is multiplied by the range of the retailer's requests as a multiple of it, and
    the products are intersected; that need not be the narrowest range that the table allows.
    """
    table = found.table
    period = table.periods[secret.column].period
    own: Functional = {(secret.retailer, period, "requests"): 1}
    least, most = Fraction(0), None
    covers_all = all(table.widest_period.contains(each.period) for each in table.periods)
    for volume in volumes:
        if volume.period is None and not covers_all:
            continue  # all printed periods together are no printed period
        when = volume.period or table.widest_period
        names = [
            each.retailer
            for each in table.retailers
            if volume.retailer in (None, each.retailer) and volume.group in (None, each.group)
        ]
        whole: Functional = {(name, when, "requests"): 1 for name in names}
        try:
            times = found.ratio_of(own, whole).interval
        except NotAnswerableError:
            continue
        if volume.low is not None and times.low is not None:
            least = max(least, Fraction(times.low) * exact(volume.low))
        if volume.high is not None and times.high is not None:
            end = Fraction(times.high) * exact(volume.high)
            most = end if most is None else min(most, end)
    return Interval(downward(least), None if most is None else upward(most), "identified")
