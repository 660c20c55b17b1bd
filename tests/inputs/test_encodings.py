"""Bytes to text, and files in two encodings."""

import codecs

import pytest

from switchstats.errors import InputError
from switchstats.inputs.encodings import decode

LINES = ["エリア,小売電気事業者", "01,北海道電力", "02,東北電力", "03,東京電力EP", "06,関西電力"]


def content(*encodings: str) -> bytes:
    """The lines, each in its encoding; the last encoding holds for the rest."""
    padded = [*encodings, *[encodings[-1]] * (len(LINES) - len(encodings))]
    return b"".join(
        (line + "\r\n").encode(encoding) for line, encoding in zip(LINES, padded, strict=True)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_one_encoding(encoding: str) -> None:
    assert decode(content(encoding), "t.csv").splitlines() == LINES


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_byte_order_mark(mark: bytes, encoding: str) -> None:
    assert decode(mark + content(encoding), "t.csv").splitlines() == LINES


def test_kanji_of_euc_jp_are_not_half_width_katakana() -> None:
    # Every byte of these names is a half-width katakana of CP932, so both decode strictly.
    names = "北海道電力,関西電力"
    assert names.encode("euc_jp").decode("cp932")
    assert decode(names.encode("euc_jp"), "t.csv") == names


def test_half_width_katakana_amid_kanji_are_cp932() -> None:
    text = "事業者,率\nﾎｯｶｲﾄﾞｳﾃﾞﾝﾘｮｸ,18.0\n関西電力 ｶﾝｻｲ,20.5\n"
    assert decode(text.encode("cp932"), "t.csv") == text


@pytest.mark.parametrize(
    ("encodings", "line", "names"),
    [
        (("utf-8", "utf-8", "cp932"), 3, "this line is CP932 (Shift_JIS), line 1 is UTF-8"),
        (("cp932", "utf-8"), 2, "this line is UTF-8, line 1 is CP932 (Shift_JIS)"),
        (("cp932", "cp932", "cp932", "utf-8"), 4, "this line is UTF-8, line 1 is CP932"),
        (("euc_jp", "euc_jp", "utf-8"), 3, "this line is UTF-8, line 1 is EUC-JP"),
        (("utf-8", "euc_jp"), 2, "this line is EUC-JP, line 1 is UTF-8"),
        (("euc_jp", "cp932"), 2, "this line is CP932 (Shift_JIS), line 1 is EUC-JP"),
    ],
)
def test_mixed_encodings_name_the_first_line_that_differs(
    encodings: tuple[str, ...], line: int, names: str
) -> None:
    with pytest.raises(InputError, match="mixed encodings") as caught:
        decode(content(*encodings), "t.csv")
    assert (caught.value.file, caught.value.line) == ("t.csv", line)
    assert names in caught.value.problem
    assert "save all of it as UTF-8" in caught.value.mend


def test_broken_line() -> None:
    broken = content("utf-8").replace("関西".encode(), b"\xff\xfe\xfd")
    with pytest.raises(InputError, match="a line in no known encoding") as caught:
        decode(broken, "t.csv")
    assert caught.value.line == 5


def test_mark_of_another_encoding() -> None:
    with pytest.raises(InputError, match="begins as UTF-8, but this line is not") as caught:
        decode(codecs.BOM_UTF8 + content("utf-8", "cp932"), "t.csv")
    assert caught.value.line == 2


def test_nul_byte() -> None:
    with pytest.raises(InputError, match="a NUL byte: this is not a text file") as caught:
        decode(b"a,b\n1,\x00\n", "t.csv")
    assert caught.value.line == 2
