"""What moved between two runs, and whether new data, revised data, settings or code moved it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, joined, signed_points, text
from switchstats.periods import Period, format_period
from switchstats.runs.flags import Revision, revisions_of
from switchstats.runs.load import PastRun, load_run
from switchstats.runs.settings import by_dotted_key
from switchstats.runs.study_file.read import study_of
from switchstats.values import Counts, Shown
from switchstats.values.wording import bound_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RunDifference", "Step", "diff_runs"]

_SHOWN = 12
Ends = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Step(Shown):
    """One part of the headline's change.

    Parameters
    ----------
    name
        ``"code"``, ``"revised_data"``, ``"new_data"`` or ``"settings"``.
    before, after
        The headline's estimate without and with it, fractions; ``None`` where not computable.
    """

    name: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """What this part moved."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDifference(Shown):
    """Two runs compared.

    Parameters
    ----------
    outcomes
        Of the headline, before and after.
    estimates, bounds
        Of the headline, before and after.
    estimands
        What they are about: catalogue keys below ``estimand.``.
    steps
        The change of the estimate, part by part, in the order in which they were made: first the
        older run's data and settings under the present code, then its periods as they stand now,
        then the new periods, then the new settings (the level of the look among them).
    settings
        What changed in the study file: dotted key → before and after.
    files
        Names of files that are new, gone, or changed.
    revisions
        Past values that changed.
    new_periods
        Periods that the older run lacked.
    versions
        Of the package, before and after.
    """

    outcomes: tuple[str, str]
    estimates: tuple[float | None, float | None]
    bounds: tuple[Ends, Ends]
    estimands: tuple[str, str]
    steps: tuple[Step, ...]
    settings: Mapping[str, tuple[object, object]]
    files: Mapping[str, tuple[str, ...]]
    revisions: tuple[Revision, ...]
    new_periods: tuple[Period, ...]
    versions: tuple[str, str]

    @property
    def sentences(self) -> tuple[Text, ...]:
        """All of it in words, the headline first."""
        before, after = (text(f"outcome.{each}") for each in self.outcomes)
        if self.outcomes[0] == self.outcomes[1]:
            said = [text("diff.outcome_same", after=after)]
        else:
            said = [text("diff.outcome_changed", before=before, after=after)]
        said += self._moved()
        if self.settings:
            listed = "; ".join(f"{key}: {a!r} → {b!r}" for key, (a, b) in self.settings.items())
            said.append(text("diff.settings", listed=listed))
        for kind, names in self.files.items():
            if names:
                listed = ", ".join(names[:_SHOWN])
                said.append(text(f"diff.files_{kind}", listed=listed, n=len(names)))
        if self.revisions:
            said.append(text("diff.revisions", n=len(self.revisions)))
        if self.new_periods:
            periods = joined(
                Text(format_period(each, "ja"), format_period(each, "en"))
                for each in self.new_periods[:_SHOWN]
            )
            said.append(text("diff.new_periods", periods=periods))
        if self.versions[0] != self.versions[1]:
            said.append(text("diff.versions", before=self.versions[0], after=self.versions[1]))
        return tuple(said)

    def _moved(self) -> list[Text]:
        before, after = self.estimates
        if before is None or after is None:
            return []
        first, last = (text(f"estimand.{each}") for each in self.estimands)
        shown = signed_points(before), signed_points(after)
        if self.estimands[0] != self.estimands[1]:
            ends = {"first": shown[0], "last": shown[1]}
            return [text("diff.estimand_changed", before=first, after=last, **ends)]
        said = [text("diff.estimate", estimand=last, before=shown[0], after=shown[1])]
        if self.bounds[0] != self.bounds[1]:
            named = {
                f"{side}_{when}": bound_words(ends[place])
                for when, ends in zip(("before", "after"), self.bounds, strict=True)
                for place, side in enumerate(("low", "high"))
            }
            said.append(text("diff.bounds", **named))
        for step in self.steps:
            name = text(f"diff.step_{step.name}")
            if step.change is None:
                said.append(text("diff.step_unknown", step=name))
            else:
                said.append(text("diff.step", step=name, change=signed_points(step.change)))
        return said

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "schema": "switchstats/diff",
            "schema_version": "1.1",
            "outcomes": list(self.outcomes),
            "estimates": list(self.estimates),
            "bounds": [list(each) for each in self.bounds],
            "estimands": list(self.estimands),
            "steps": [
                {"name": each.name, "before": each.before, "after": each.after}
                for each in self.steps
            ],
            "settings": {key: list(pair) for key, pair in self.settings.items()},
            "files": {kind: list(names) for kind, names in self.files.items()},
            "revisions": [each.to_dict() for each in self.revisions],
            "new_periods": [each.to_dict() for each in self.new_periods],
            "versions": list(self.versions),
            "sentences": [each.to_dict() for each in self.sentences],
        }

    def _said(self) -> tuple[Text, ...]:
        return self.sentences


def diff_runs(before: str | Path, after: str | Path) -> RunDifference:
    """Compare two runs of one study file.

    Parameters
    ----------
    before, after
        Their folders.

    Returns
    -------
    RunDifference
        With the change of the headline's estimate split into parts. The split depends on the order
        of the parts, which is fixed; their sum does not.

    Raises
    ------
    InputError
        When one of them is no run.
    """
    old, new = load_run(before), load_run(after)
    counts = old.counts, new.counts
    revisions: tuple[Revision, ...] = ()
    new_periods: tuple[Period, ...] = ()
    if counts[0] is not None and counts[1] is not None:
        revisions = revisions_of(counts[0], counts[1])
        known = set(counts[0].periods)
        new_periods = tuple(each for each in counts[1].periods if each not in known)
    return RunDifference(
        outcomes=(old.findings[0].outcome, new.findings[0].outcome),
        estimates=(_estimate(old), _estimate(new)),
        bounds=(_bounds(old), _bounds(new)),
        estimands=(old.findings[0].verdict["estimand"], new.findings[0].verdict["estimand"]),
        steps=_steps(old, new, counts),
        settings=_settings(old, new),
        files=_files(old, new),
        revisions=revisions,
        new_periods=new_periods,
        versions=(old.version, new.version),
    )


def _estimate(run: PastRun) -> float | None:
    return run.findings[0].verdict["estimate"]


def _bounds(run: PastRun) -> Ends:
    bound: Mapping[str, Any] = run.findings[0].verdict["bound"] or {}
    return bound.get("low"), bound.get("high")


def _settings(old: PastRun, new: PastRun) -> dict[str, tuple[object, object]]:
    one, other = (by_dotted_key(run.run.get("study", {})) for run in (old, new))
    return {
        key: (one.get(key), other.get(key))
        for key in dict.fromkeys([*one, *other])
        if one.get(key) != other.get(key)
    }


def _files(old: PastRun, new: PastRun) -> dict[str, tuple[str, ...]]:
    one, other = (
        {each["name"]: each["sha256"] for each in run.run.get("deliveries", ())}
        for run in (old, new)
    )
    return {
        "new": tuple(name for name in other if name not in one),
        "gone": tuple(name for name in one if name not in other),
        "changed": tuple(name for name in other if name in one and one[name] != other[name]),
    }


def _steps(
    old: PastRun, new: PastRun, counts: tuple[Counts | None, Counts | None]
) -> tuple[Step, ...]:
    """Return the estimates on the way from one run to the other."""
    before, after = counts
    if before is None or after is None:
        return ()
    asked = [dict(run.run["study"]) for run in (old, new)]
    levels = [float(run.run["look"]["level"]) for run in (old, new)]
    looks = [int(run.run["look"]["number"]) for run in (old, new)]
    revised = _of_periods(after, before)
    way = (
        _estimate(old),
        _headline(asked[0], before, levels[0], looks[0]),
        _headline(asked[0], revised, levels[0], looks[0]),
        _headline(asked[0], after, levels[0], looks[0]),
        _estimate(new),
    )
    names = ("code", "revised_data", "new_data", "settings")
    return tuple(
        Step(name, one, other) for name, one, other in zip(names, way[:-1], way[1:], strict=True)
    )


def _of_periods(counts: Counts, of: Counts) -> Counts:
    """Return the rows of the periods that other counts have."""
    known = {(str(period.start), str(period.end)) for period in of.periods}
    frame: pd.DataFrame = counts.coded.drop(columns="group")
    starts = frame["period_start"].dt.strftime("%Y-%m-%d")
    ends = frame["period_end"].dt.strftime("%Y-%m-%d")
    kept = [pair in known for pair in zip(starts, ends, strict=True)]
    return Counts.of(frame[kept], counts.retailers)


def _headline(plain: Mapping[str, Any], counts: Counts, level: float, look: int) -> float | None:
    from switchstats.runs.made import run_designs

    study = study_of(plain)
    try:
        first = run_designs(study, counts, level, look, only_first=True)[0]
    except NotAnswerableError:
        return None
    return first.verdict.estimate
