"""Which pictures belong to a finding."""

from typing import TYPE_CHECKING

from switchstats.figures.by_period import rates_by_period
from switchstats.figures.event_study import event_study
from switchstats.figures.forest import forest
from switchstats.figures.funnel import funnel
from switchstats.figures.identified import identified_shares
from switchstats.figures.specification_curve import specification_curve
from switchstats.figures.style import HouseFigure, Size
from switchstats.labels import Language
from switchstats.values import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["picture_names", "pictures"]


def picture_names(finding: Finding) -> tuple[str, ...]:
    """Return the names of the pictures that `pictures` draws of a finding, in their order."""
    shown = {
        "forest": bool(finding.parts),
        "rates_by_period": bool(finding.rates.retailers),
        "event_study": bool(finding.path),
        "funnel": bool(finding.league),
        "specification_curve": any("p_adjusted" in test.quantities for test in finding.tests),
        "identified_shares": any(each.name == "share_of_period" for each in finding.identified),
    }
    return tuple(name for name, has in shown.items() if has)


def pictures(
    finding: Finding, *, language: Language = "en", size: Size = "slide"
) -> dict[str, HouseFigure]:
    """Return every picture that a finding has something to show in, by name.

    Parameters
    ----------
    finding
        Of any study.
    language, size
        As in every figure.

    Returns
    -------
    dict
        ``"forest"`` where it sums up other findings, ``"rates_by_period"``, ``"event_study"``,
        ``"funnel"``, ``"specification_curve"``, ``"identified_shares"``.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.PublishedOnly().run(ss.load_published("egc-083"))
    >>> list(pictures(finding))
    ['rates_by_period', 'identified_shares']
    """
    source = finding.source
    drawn: dict[str, Callable[[], HouseFigure]] = {
        "forest": lambda: forest(finding, language=language, size=size),
        "rates_by_period": lambda: rates_by_period(
            finding.rates, source=source, language=language, size=size
        ),
        "event_study": lambda: event_study(finding, language=language, size=size),
        "funnel": lambda: funnel(finding, language=language, size=size),
        "specification_curve": lambda: specification_curve(finding, language=language, size=size),
        "identified_shares": lambda: identified_shares(
            finding.identified, finding.rates, source=source, language=language, size=size
        ),
    }
    return {name: drawn[name]() for name in picture_names(finding)}
