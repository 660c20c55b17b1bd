"""The shared look: lines break where each language allows."""

from switchstats.figures.style import new_figure, wrapped


def test_english_breaks_at_spaces_and_japanese_between_characters() -> None:
    figure = new_figure("notebook")
    english = wrapped("a word " * 40, figure, 20)
    assert "\n" in english
    assert english.replace("\n", " ") == ("a word " * 40).strip()
    japanese = wrapped("漢字、" * 40, figure, 20)
    assert japanese.replace("\n", "") == "漢字、" * 40
    assert not any(line.startswith("、") for line in japanese.split("\n"))
    # 10 inches of 20-point characters hold 0.97 * 36 of them
    assert max(len(line) for line in japanese.split("\n")) <= 34 + 1


def test_short_text_and_given_breaks_stay() -> None:
    figure = new_figure("slide")
    assert wrapped("one\ntwo", figure, 10) == "one\ntwo"
    assert wrapped("", figure, 10) == ""
