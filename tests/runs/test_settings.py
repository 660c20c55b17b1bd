"""Which settings of a study file bear on its verdict."""

from switchstats.runs.settings import settings_of_verdict

DATA = {"kind": "counts", "files": ["data"]}


def test_what_only_writes_otherwise_is_left_aside() -> None:
    plain = {
        "title": "t",
        "studies": ["Dossier", "BeforeAfter"],
        "languages": ["ja"],
        "out": "runs",
        "margin": 0.02,
        "data": DATA | {"mended": ["m.csv"], "as_of": "2023-03-01", "strata": ["area"]},
        "looks": {"planned": 12},
        "disclosure": {"second_group": "letters"},
    }
    # of the studies the first gives the headline
    assert settings_of_verdict(plain) == {
        "studies": ["Dossier"],
        "margin": 0.02,
        "data.kind": "counts",
        "data.strata": ["area"],
        "looks.planned": 12,
    }


def test_what_is_said_as_it_is_anyway_is_no_setting() -> None:
    silent = settings_of_verdict({"studies": ["Dossier"], "data": DATA})
    usual = {
        "studies": ["Dossier"],
        "level": 0.95,
        "seed": 0,
        "groups": ["incumbent", "entrant"],
        "data": DATA | {"settle_days": 30, "estimand": "first_attempt"},
    }
    assert settings_of_verdict(usual) == silent
    assert settings_of_verdict(usual | {"level": 0.9}) == {**silent, "level": 0.9}
