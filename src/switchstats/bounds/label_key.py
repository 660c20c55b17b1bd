"""Which label stands for whom, and in which order labels are given: the secret behind a table."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from switchstats.errors import UsageError
from switchstats.values import Shown, label_letters, label_place

__all__ = ["LabelKey"]

_SECRET_DIGITS = 64


@dataclass(frozen=True, slots=True)
class LabelKey(Shown):
    """Labels given so far, and the secret that orders those to come.

    Parameters
    ----------
    secret
        64 hexadecimal digits, drawn at random once. Whoever has it can undo the labels.
    labels
        By group, then by identifier of the retailer: its letters.
    given
        By group, how many labels were ever given, so that none is given again.

    Raises
    ------
    UsageError
        When the secret is not one, or a label stands for two retailers or was never given.

    Notes
    -----
    Retailers new to a group get the next labels in the order of the HMAC-SHA256 of group and
    identifier under the secret: an order that has nothing to do with size, rate, name or place in
    the table, and that nobody without the secret can tell from a random one. A digest without a
    secret would not do: whoever has the list of registered retailers could compute it.

    Examples
    --------
    >>> key = LabelKey("0" * 64).extended("entrant", ["x-power", "y-power"])
    >>> sorted(key.labels["entrant"].values())
    ['A', 'B']
    >>> key.extended("entrant", ["z-power", "x-power"]).labels["entrant"]["z-power"]
    'C'
    """

    secret: str = field(repr=False)
    labels: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, Mapping[str, str]], repr=False
    )
    given: Mapping[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        if len(self.secret) != _SECRET_DIGITS or set(self.secret) - set("0123456789abcdef"):
            raise UsageError(f"the secret of a key is {_SECRET_DIGITS} hexadecimal digits")
        for group, labels in self.labels.items():
            letters = list(labels.values())
            if len(set(letters)) < len(letters):
                raise UsageError(f"a label of the group {group!r} stands for two retailers")
            for each in letters:
                known = each.isascii() and each.isalpha() and each.isupper()
                if not known or label_place(each) >= self.given.get(group, 0):
                    raise UsageError(f"not a label that was given in the group {group!r}: {each!r}")

    def extended(self, group: str, retailers: Sequence[str]) -> "LabelKey":
        """Return the key with a label for every retailer of a group; old labels stay."""
        labels = dict(self.labels.get(group, {}))
        given = self.given.get(group, 0)
        new = [name for name in dict.fromkeys(retailers) if name not in labels]
        for place, name in enumerate(sorted(new, key=lambda name: self._order(group, name))):
            labels[name] = label_letters(given + place)
        return LabelKey(
            self.secret,
            {**self.labels, group: labels},
            {**self.given, group: given + len(new)},
        )

    def _order(self, group: str, retailer: str) -> bytes:
        words = f"{group}\0{retailer}".encode()
        return hmac.new(bytes.fromhex(self.secret), words, hashlib.sha256).digest()
