"""The one catalogue: complete in both languages, and every key in the code stands in it."""

import re
from pathlib import Path

import pytest

import switchstats
from switchstats.errors import SwitchstatsError
from switchstats.labels import catalogue, group_name, text

SOURCES = Path(switchstats.__file__).parent
LITERAL_KEY = re.compile(r'\b(?:text|label)\(\s*"([a-z_]+\.[A-Za-z_-]+)"')
BUILT_KEY = re.compile(r'\b(?:text|label)\(\s*f"([a-z_]+)\.')
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _code() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.rglob("*.py")))


def test_every_key_in_the_code_stands_in_the_catalogue() -> None:
    keys = set(LITERAL_KEY.findall(_code()))
    assert len(keys) > 30
    assert keys <= set(catalogue())
    assert set(BUILT_KEY.findall(_code())) <= {key.partition(".")[0] for key in catalogue()}


def test_every_section_of_the_catalogue_is_used() -> None:
    code = _code()
    sections = {key.partition(".")[0] for key in catalogue()}
    unused = [name for name in sections if not re.search(rf"[\"']{name}\.", code)]
    assert unused == []


def test_both_languages_are_filled_and_english_holds_no_japanese() -> None:
    for key, words in catalogue().items():
        assert words.ja.strip(), key
        assert words.en.strip(), key
        assert not KANA_OR_KANJI.search(words.en), key


def test_both_languages_take_the_same_placeholders() -> None:
    for key, words in catalogue().items():
        assert set(re.findall(r"{(\w+)}", words.ja)) == set(re.findall(r"{(\w+)}", words.en)), key


def test_a_missing_key_and_a_wrong_field_are_errors() -> None:
    with pytest.raises(SwitchstatsError, match=r"lacks 'no\.such_key'"):
        text("no.such_key")
    with pytest.raises(SwitchstatsError, match="takes"):
        text("figure.note", credit="x")


def test_a_group_of_the_users_own_keeps_its_name() -> None:
    assert group_name("north").en == "north"
