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

    Has = Callable[[Finding], bool]
    Draw = Callable[[Finding, Language, Size], HouseFigure]

__all__ = ["picture_names", "pictures"]


# In the order of a page: whether a finding has something to show in it, and how it is drawn.
_PICTURES: "dict[str, tuple[Has, Draw]]" = {
    "forest": (
        lambda finding: bool(finding.parts),
        lambda finding, language, size: forest(finding, language=language, size=size),
    ),
    "rates_by_period": (
        lambda finding: bool(finding.rates.retailers),
        lambda finding, language, size: rates_by_period(
            finding.rates, source=finding.source, language=language, size=size
        ),
    ),
    "event_study": (
        lambda finding: bool(finding.path),
        lambda finding, language, size: event_study(finding, language=language, size=size),
    ),
    "funnel": (
        lambda finding: bool(finding.league),
        lambda finding, language, size: funnel(finding, language=language, size=size),
    ),
    "specification_curve": (
        lambda finding: sum("p_adjusted" in test.quantities for test in finding.tests) > 1,
        lambda finding, language, size: specification_curve(finding, language=language, size=size),
    ),
    "identified_shares": (
        lambda finding: any(each.name == "share_of_period" for each in finding.identified),
        lambda finding, language, size: identified_shares(
            finding.identified, finding.rates, source=finding.source, language=language, size=size
        ),
    ),
}


def picture_names(finding: Finding) -> tuple[str, ...]:
    """Return the names of the pictures that `pictures` draws of a finding, in their order."""
    return tuple(name for name, (has, _) in _PICTURES.items() if has(finding))


def pictures(
    finding: Finding,
    *,
    language: Language = "en",
    size: Size = "slide",
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
    return {name: _PICTURES[name][1](finding, language, size) for name in picture_names(finding)}
