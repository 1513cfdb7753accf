"""An ERATO release: what stands in its files, that it is built again alike, and all of the published size at once."""

from __future__ import annotations

import csv
import json
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exports.erato.clips import EratoClip, Line
from exports.erato.relations import FIVE
from exports.errors import ExportError, FormatError
from exports.formats.erato.rows import clip_from_json, clip_json, read_snapshot
from exports.formats.erato.writer import EratoOptions, rebuild_erato_release, write_erato_release
from exports.formats.manifest import check_files, read_manifest
from tests.exports.erato.factory import answer, clip, person

OPTIONS = EratoOptions("Season 1")


def ten_clips() -> list[EratoClip]:
    return [clip(f"c{n}", answers=(answer("anna", FIVE[n % 2]),), episode=f"e{n % 4}") for n in range(10)]


def many_clips(count: int) -> Iterator[EratoClip]:
    """Clips of 1,100 episodes, three answers on every fifth, six lines each."""
    for n in range(count):
        start = 100_000 + 30_000 * (n % 28)
        word = FIVE[n * 7 % 5]
        yield EratoClip(
            name=f"clip-{n:05d}",
            series=f"Series {n % 40}",
            episode=f"e{n % 1100}",
            start_ms=start,
            end_ms=start + 20_000,
            shots=1 + n % 9,
            people=tuple(
                person(k, *((start + 900 * k + 4000 * j, start + 900 * k + 4000 * j + 2500) for j in range(5)))
                for k in range(1, 4)
            ),
            lines=tuple(Line(start + 3000 * k, start + 3000 * k + 2000, f"Line {k} of {n}, 你好") for k in range(6)),
            answers=tuple(answer(f"a{(n + k) % 30}", word) for k in range(1 if n % 5 else 3)),
        )


def release(tmp_path: Path, clips: list[EratoClip], options: EratoOptions = OPTIONS) -> Path:
    write_erato_release(clips, tmp_path / "release", options)
    return tmp_path / "release"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_sample_holds_what_its_clip_says(tmp_path: Path) -> None:
    one = clip("one", people=(*clip().people, person(7)), lines=(Line(101_000, 103_000, "=You, “too”?"),))
    folder = release(tmp_path, [one, *ten_clips()])
    sample = json.loads((folder / "samples.jsonl").read_text("utf-8").splitlines()[0])
    assert (sample["clip"], sample["pair"], sample["five"], sample["three"]) == ("one", [1, 2], "mild", "positive")
    assert sample["candidates"] == [1, 2]
    assert [who["screen_time_ms"] for who in sample["people"]] == [10_000, 5_000]
    assert sample["people"][0]["faces"] == ["faces/1.jpg"]
    assert sample["subtitles"] == [[101_000, 103_000, "=You, “too”?"]]
    assert (sample["statistics"]["appearance_ratio"], sample["statistics"]["iom"]) == (0.5, 0.0)
    assert "anna" not in (folder / "samples.jsonl").read_text("utf-8")
    row = rows(folder / "samples.csv")[0]
    assert (row["five"], row["interaction"], row["subtitle_ratio"], row["shots"]) == ("mild", "apart", "0.1", "4")


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    clips = [*ten_clips(), clip("long", end_ms=140_000), clip("bad", discarded="=black"), clip("new", answers=())]
    folder = release(tmp_path, clips)
    assert [(row["clip"], row["reason"], row["words"]) for row in rows(folder / "dropped.csv")] == [
        ("long", "too_long", ""),
        ("bad", "discarded", "'=black"),
        ("new", "no_answer", ""),
    ]
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    assert manifest.counts == {"samples": 10, "train": 8, "test": 2, "too_long": 1, "discarded": 1, "no_answer": 1}
    assert "- 1: the clip is too long" in (folder / "README.md").read_text("utf-8")


def test_the_split_names_every_sample_once_and_a_fifth_of_each_category(tmp_path: Path) -> None:
    folder = release(tmp_path, ten_clips())
    train, test = ((folder / "split" / f"{side}.txt").read_text().split() for side in ("train", "test"))
    assert sorted(train + test) == sorted(one.name for one in ten_clips())
    words = {row["clip"]: row["five"] for row in rows(folder / "samples.csv")}
    assert sorted(words[name] for name in test) == ["hostile", "tense"]


def test_no_episode_is_on_both_sides_if_asked_for(tmp_path: Path) -> None:
    folder = release(tmp_path, ten_clips(), replace(OPTIONS, group_by="episode"))
    episodes = {row["clip"]: row["episode"] for row in rows(folder / "samples.csv")}
    train, test = ((folder / "split" / f"{side}.txt").read_text().split() for side in ("train", "test"))
    assert train
    assert test
    assert not {episodes[name] for name in train} & {episodes[name] for name in test}


def test_a_release_is_built_again_to_the_same_bytes(tmp_path: Path) -> None:
    folder = release(tmp_path, [*ten_clips(), clip("agreed", consensus=((1, 2), "tense"), restored=True)])
    report = rebuild_erato_release(folder, tmp_path / "again")
    assert report.manifest_sha256 == read_manifest(folder).sha256
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = {path.relative_to(report.path): path.read_bytes() for path in report.path.rglob("*") if path.is_file()}
    assert files == again


def test_a_clip_comes_back_from_its_line() -> None:
    one = clip(consensus=((1, 2), "tense"), discarded="why", restored=True)
    assert clip_from_json(clip_json(one)) == one


def test_a_damaged_snapshot_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(clip_json(clip()) + "{}\n")
    with pytest.raises(FormatError, match="line 2 is no clip"):
        list(read_snapshot(tmp_path / "bad.jsonl"))


@pytest.mark.parametrize(
    ("clips", "words"),
    [
        ([], "no clips"),
        ([clip(answers=())], "1 no answer"),
        ([clip(), clip()], "two clips are named clip"),
        ([clip(answers=(answer("anna", "fond"),))], "is no relationship"),
    ],
)
def test_what_cannot_be_released_leaves_nothing_behind(tmp_path: Path, clips: list, words: str) -> None:
    with pytest.raises(ExportError, match=words):
        write_erato_release(clips, tmp_path / "release", OPTIONS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="not empty"):
        write_erato_release(ten_clips(), tmp_path, OPTIONS)


def test_all_of_the_published_size_is_written_in_half_a_minute(tmp_path: Path) -> None:
    began = time.process_time()
    report = write_erato_release(many_clips(31_182), tmp_path / "release", OPTIONS)
    took = time.process_time() - began
    print(f"31,182 clips in {took:.1f} CPU seconds")
    assert report.train + report.test == 31_182
    assert took < 30


def test_memory_grows_with_the_numbers_of_samples_not_with_their_text(tmp_path: Path) -> None:
    """2 KB a sample make 62 MB of 31,182."""
    tracemalloc.start()
    write_erato_release(many_clips(2_000), tmp_path / "release", OPTIONS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000 + 2_000 * 2_000
