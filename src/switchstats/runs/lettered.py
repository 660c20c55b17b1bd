"""Letters for retailers that must not be named, the same in every run of a study."""

from pathlib import Path

from switchstats.runs.key_file import new_key, read_key, write_key
from switchstats.values import Counts, anonymous_retailer

__all__ = ["lettered"]


def lettered(counts: Counts, group: str, file: Path) -> Counts:
    """Return counts whose retailers of one group are lettered from A.

    Parameters
    ----------
    counts
        Requests and errors under real names.
    group
        Whose retailers are lettered, also where they lose a customer.
    file
        The key that says who is who: made by the first run and added to by later ones, so that a
        letter never changes hands. Only its owner can read it; see `bounds.LabelKey`.
    """
    frame = counts.coded.drop(columns="group")
    columns = [name for name in ("retailer", "losing") if name in frame.columns]
    present = {str(one) for name in columns for one in frame[name].unique()}
    members = [each.retailer for each in counts.retailers if each.group == group]
    members = [name for name in members if name in present]
    key = read_key(file) or new_key()
    extended = key.extended(group, members)
    if extended != key:
        write_key(file, extended)
    letters = {name: anonymous_retailer(group, extended.labels[group][name]) for name in members}
    own = {old: new.retailer for old, new in letters.items()}
    for name in columns:
        frame[name] = frame[name].cat.rename_categories(lambda old: own.get(old, old))
    others = [each for each in counts.retailers if each.group != group]
    return Counts.of(frame, [*others, *letters.values()])
