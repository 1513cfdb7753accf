"""Text readers: one contract for every engine, and the choice between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from workers.analysers.errors import AnalysisError
from workers.analysers.ocr import ENGINES, TextBox, choose_reader, easy, rapid
from workers.analysers.ocr.reader import in_reading_order


def picture(*rows: str, size: tuple[int, int] = (1280, 288)) -> np.ndarray:
    """White outlined text on a colour gradient, as subtitles look."""
    import matplotlib

    font = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans-Bold.ttf", 40)
    across, down = np.meshgrid(np.linspace(40, 200, size[0]), np.linspace(200, 60, size[1]))
    image = Image.fromarray(np.dstack([across, down, 255 - across]).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for i, text in enumerate(rows):
        draw.text(
            (size[0] / 2, 100 + 70 * i), text, font=font, anchor="mm", fill="white", stroke_width=3, stroke_fill="black"
        )
    return np.asarray(image)


@pytest.mark.models
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_every_engine_reads_rows_with_their_places(engine: str) -> None:
    reader = choose_reader(["en"], engine)
    assert "en" in reader.languages
    assert engine in reader.name
    rows = ("They said yes!", "I am going to fly")
    found = reader.read(picture(*rows))
    assert len(found) == 2
    for box, text, middle_y in zip(found, rows, (100, 170), strict=True):
        assert Levenshtein.normalized_similarity(box.text, text) > 0.9
        left, top, width, height = box.box
        assert abs(top + height / 2 - middle_y) < 12
        assert abs(left + width / 2 - 640) < 25
        assert 0.4 < box.confidence <= 1.0
    assert reader.read(np.full((288, 1280, 3), 90, np.uint8)) == []


@pytest.mark.models
def test_reading_a_strip_does_not_change_what_the_same_reader_finds_next() -> None:
    """RapidOCR keeps what a call switches off; a reader must not."""
    reader = choose_reader(["en"], "rapidocr")
    before = reader.read(picture("Open it!"))
    reader.read(picture("Open it!")[70:130])
    assert [b.text for b in reader.read(picture("Open it!"))] == [b.text for b in before]


@pytest.mark.models
def test_a_row_in_a_narrow_face_is_read_as_well() -> None:
    """What is read quickly, squeezed, is read again where that makes its letters run together."""
    texts = (
        "I was waiting for you",
        "Did you see the letter that came this morning?",
        "We should leave before it rains.",
    )
    rows = []
    for text in texts:
        row = Image.fromarray(picture(text)[65:135, 60:1220])
        rows.append(np.asarray(row.resize((int(0.6 * row.width), row.height))))
    read = choose_reader(["en"], "rapidocr").read_rows(rows)
    wrong = sum(Levenshtein.distance(row.text, text) for row, text in zip(read, texts, strict=True))
    assert wrong <= 0.03 * sum(map(len, texts))


@pytest.mark.models
def test_rows_are_read_alike_whatever_the_processor_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenVINO runs everywhere; in bfloat16 where the processor has it."""
    halves = {"No!": 60, "I am going to fly": 230, "Did you see the letter that came this morning?": 620}
    rows = [picture(text)[70:130, 640 - half : 640 + half] for text, half in halves.items()]
    read = []
    for bfloat16 in (False, True):
        monkeypatch.setattr(rapid, "reads_in_bfloat16", lambda bfloat16=bfloat16: bfloat16)
        reader = choose_reader(["en"], "rapidocr")
        read.append(reader.read_rows(rows))
        assert len(reader.read(picture("They said yes!"))) == 1
    by_onnxruntime, by_openvino = read
    assert [row.text for row in by_openvino] == [row.text for row in by_onnxruntime] == list(halves)
    for one, other in zip(by_onnxruntime, by_openvino, strict=True):
        assert one.confidence == pytest.approx(other.confidence, abs=0.03)


def test_what_a_row_is_filled_up_to_are_few_widths_none_narrower_than_it() -> None:
    asked: list[float] = []
    filled_up = rapid._in_steps(lambda row, width: asked.append(width))  # type: ignore[arg-type, return-value, func-returns-value]
    row = np.zeros((48, 1, 3), np.uint8)
    widths = range(128, 1000)
    for width in widths:
        filled_up(row, width / 48)
    made = [int(48 * width) for width in asked]  # as RapidOCR makes it
    assert all(0 <= given - width < 32 for given, width in zip(made, widths, strict=True))
    assert {given % 32 for given in made} == {0}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx512f avx512_bf16 sse\nbugs\t:\n", True),
        ("processor\t: 0\nflags\t\t: fpu amx_bf16\nvmx flags\t: x\n", True),
        ("processor\t: 0\nmodel name\t: amx_bf16\nflags\t\t: fpu avx2\nbugs\t: avx512_bf16\n", False),
        ("", False),
        (None, False),
    ],
)
def test_what_the_processor_can_do_is_read_from_its_flags(
    told: str | None, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cpuinfo"
    if told is not None:
        path.write_text(told)
    monkeypatch.setattr(rapid, "_PROCESSOR", path)
    assert rapid.reads_in_bfloat16() is expected
    assert ("openvino" in rapid.late_modules()) is expected


def test_boxes_are_put_in_reading_order() -> None:
    def box(text: str, x: float, y: float) -> TextBox:
        return TextBox(text, (x, y, 100, 40), 0.9)

    ordered = in_reading_order([box("d", 10, 100), box("b", 200, 6), box("a", 10, 10), box("c", 400, 0)])
    assert [b.text for b in ordered] == ["a", "b", "c", "d"]


def test_a_language_nobody_reads_is_refused_with_each_engines_reason() -> None:
    with pytest.raises(AnalysisError) as refused:
        choose_reader(["en", "tlh"])
    assert refused.value.code == "ocr_reader_missing"
    assert all(name in refused.value.message for name in ENGINES)


def test_missing_weights_are_named_with_where_to_put_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECTORY_WEIGHTS", str(tmp_path))
    with pytest.raises(AnalysisError) as refused:
        choose_reader(["ja"])
    assert "japanese_g2.pth" in refused.value.message
    assert "AFFECTORY_WEIGHTS" in refused.value.message
    (tmp_path / "easyocr").mkdir()
    for name in ("craft_mlt_25k.pth", "japanese_g2.pth"):
        (tmp_path / "easyocr" / name).touch()
    assert easy.missing(frozenset({"ja"})) == ""


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "rapidocr" in rapid.missing()
    assert "easyocr" in easy.missing(frozenset({"en"}))


@pytest.mark.parametrize(
    ("languages", "engine", "code"), [([], "auto", "ocr_languages_missing"), (["en"], "magic", "ocr_engine_unknown")]
)
def test_a_wrong_choice_is_refused(languages: list[str], engine: str, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        choose_reader(languages, engine)
    assert refused.value.code == code
