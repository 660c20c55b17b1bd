"""Where the data files that ship with the package are, in a wheel and in a checkout."""

from pathlib import Path

from switchstats.errors import SwitchstatsError

__all__ = ["bundled_path"]

_PACKAGE = Path(__file__).resolve().parent
# A wheel carries data/ inside the package; a checkout keeps it at its top level.
_PLACES = (_PACKAGE / "data", _PACKAGE.parents[1] / "data")


def bundled_path(*parts: str) -> Path:
    """Return the path of a bundled data file.

    Parameters
    ----------
    *parts
        Path below the data folder, for example ``"facts", "retailers.csv"``.

    Raises
    ------
    SwitchstatsError
        When the installation lacks the file.

    Examples
    --------
    >>> bundled_path("published", "egc-083.csv").name
    'egc-083.csv'
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join(parts)
    raise SwitchstatsError(f"the installed package lacks its data file {name}; install it again")
