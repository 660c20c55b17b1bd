"""Names and the retailers they stand for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.errors import UsageError
from switchstats.facts import Registry, registry, registry_key
from switchstats.labels import Text
from switchstats.values import Retailer

KNOWN = registry()
NAMES = sorted(
    {name for r in KNOWN.retailers for name in (r.name.ja, r.name.en)}
    | {name for name, _ in KNOWN.aliases}
)


def retailer(name: str, ja: str = "") -> Retailer:
    return Retailer(name, Text(ja=ja or f"{name}電力", en=name), "entrant")


def test_twenty_retailers() -> None:
    assert len(KNOWN.retailers) == 20
    assert [r.area for r in KNOWN.retailers[:10]] == [f"{n:02d}" for n in range(1, 11)]
    assert {r.area for r in KNOWN.retailers[10:]} == {None}
    assert [r.group for r in KNOWN.retailers] == ["incumbent"] * 10 + ["entrant"] * 10


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("北海道電力", "hokkaido"),
        ("北海道電力株式会社", "hokkaido"),
        ("東京電力 EP", "tepco-ep"),
        ("東京電力ＥＰ", "tepco-ep"),
        ("東京電力エナジーパートナー株式会社", "tepco-ep"),
        ("東京電力エナジ－パ－トナ－㈱", "tepco-ep"),
        ("東電EP", "tepco-ep"),
        ("tepco energy partner, inc.", "tepco-ep"),
        ("(株)中部ミライズ", "chubu-miraiz"),
        ("中電ミライズ", "chubu-miraiz"),
        ("HEPCO", "hokkaido"),
        ("関電", "kansai"),
        ("四電", "shikoku"),
        ("九電", "kyushu"),
        ("中部電力ミライズ（株）", "chubu-miraiz"),
        ("ﾁｭｳﾌﾞ", None),
        ("新電力　Ａ", "entrant-a"),
        ("ENTRANT J", "entrant-j"),
        ("東京", None),
        ("東京電力", None),
        (" kansai ", "kansai"),  # the identifier
        ("Kansai", None),  # the area
        ("HOKURIKU", None),
        ("関西", None),
        ("", None),
        ("株式会社", None),
    ],
)
def test_find(name: str, found: str | None) -> None:
    answer = KNOWN.find(name)
    assert (answer.retailer if answer else None) == found


@given(
    name=st.sampled_from(NAMES),
    wide=st.booleans(),
    upper=st.booleans(),
    gap=st.sampled_from(["", " ", "　", "\t"]),
    company=st.sampled_from(["", "株式会社", "（株）", "(株)", "㈱"]),
    before=st.booleans(),
)
def test_spellings_that_mean_the_same(
    *, name: str, wide: bool, upper: bool, gap: str, company: str, before: bool
) -> None:
    spelled = gap.join(name.upper() if upper else name)
    if wide:
        spelled = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in spelled)
        assert unicodedata.normalize("NFKC", spelled) == unicodedata.normalize(
            "NFKC", gap.join(name.upper() if upper else name)
        )
    spelled = company + gap + spelled if before else spelled + gap + company
    assert KNOWN.find(spelled) == KNOWN.find(name)
    assert KNOWN.find(spelled) is not None


@pytest.mark.parametrize("dash", list("-‐‑‒–—―−－ーｰ"))
def test_dashes_are_one_sign(dash: str) -> None:
    assert registry_key(f"エナジ{dash}") == "エナジ-"


def test_nearest_suggests_known_names() -> None:
    assert KNOWN.nearest("東京電力EPP", n=1) == ("東京電力EP",)
    assert len(KNOWN.nearest("東京電力")) == 3
    assert KNOWN.nearest("hokaido", n=1) == ("hokkaido",)
    assert KNOWN.nearest("Ωmega") == ()


def test_registries_are_values() -> None:
    assert registry() == registry()
    assert hash(registry()) == hash(registry())


@pytest.mark.parametrize(
    ("retailers", "aliases", "match"),
    [
        ((retailer("x"), retailer("x")), (), "twice"),
        ((retailer("x", "同電力"), retailer("y", "同電力㈱")), (), "both 'x' and 'y'"),
        ((retailer("x"), retailer("y")), (("Y", "x"),), "both"),
        ((retailer("x"), retailer("y", "ｘ電力")), (), "both"),
        ((retailer("x"), retailer("y")), (("X㈱", "y"),), "both 'x' and 'y'"),
        ((Retailer("Y電力", Text("甲", "A"), "g"), retailer("y", "y電力")), (), "identifier"),
        ((retailer("x"),), (("別名", "z"),), "'z'"),
        ((retailer("x"),), (("㈱", "x"),), "not a name"),
    ],
)
def test_contradictions_are_refused(
    retailers: tuple[Retailer, ...], aliases: tuple[tuple[str, str], ...], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        Registry(retailers, aliases)
