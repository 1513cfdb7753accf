from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from exports.errors import ExportError, FormatError
from exports.formats.manifest import check_files, file_sha256, read_manifest
from exports.formats.memor.reader import read_memor
from exports.release import ReleaseOptions, build_release, rebuild_release, write_zip
from exports.snapshot import ProjectSnapshot
from tests.exports.factory import feature_files, project, snapshot, states


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made() -> ProjectSnapshot:
    return project()


@pytest.fixture(scope="module")
def paths(made: ProjectSnapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    return feature_files(made, tmp_path_factory.mktemp("features"))


def test_two_builds_and_a_rebuild_give_the_same_bytes(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    first = build_release(made, paths, tmp_path / "one")
    second = build_release(made, paths, tmp_path / "elsewhere" / "two")
    again = rebuild_release(tmp_path / "one", tmp_path / "three")
    assert contents(tmp_path / "one") == contents(tmp_path / "elsewhere" / "two") == contents(tmp_path / "three")
    assert first.manifest_sha256 == second.manifest_sha256 == again.manifest_sha256
    assert len(contents(tmp_path / "one")) == first.files + 1


def test_a_rebuild_of_a_rebuild_of_every_kind_is_the_same(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    options = ReleaseOptions(split="paper", seed=3)
    build_release(made, paths, tmp_path / "one", options)
    rebuild_release(tmp_path / "one", tmp_path / "two")
    rebuild_release(tmp_path / "two", tmp_path / "three")
    assert contents(tmp_path / "one") == contents(tmp_path / "three")


def test_the_manifest_lists_every_file_with_its_hash(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    report = build_release(made, paths, tmp_path / "r")
    manifest = read_manifest(tmp_path / "r")
    assert manifest.sha256 == report.manifest_sha256 == file_sha256(tmp_path / "r" / "manifest.json")
    assert {entry.path for entry in manifest.files} == set(contents(tmp_path / "r")) - {"manifest.json"}
    assert manifest.snapshot_sha256 == file_sha256(tmp_path / "r" / "snapshot.json")
    assert manifest.options == {
        "format": "memor",
        "split": "grouped",
        "group_by": "clip",
        "seed": 2020,
        "liwc_sha256": "",
    }
    assert manifest.counts["samples"] == report.samples == report.train + report.test == 24
    check_files(tmp_path / "r", manifest)


@pytest.mark.parametrize("damage", ["change", "remove", "add"])
def test_a_changed_release_is_not_rebuilt(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path, damage: str
) -> None:
    build_release(made, paths, tmp_path / "r")
    target = tmp_path / "r" / "data" / "train_id.txt"
    if damage == "change":
        target.write_text(target.read_text().replace("1", "2", 1))
    elif damage == "remove":
        target.unlink()
    else:
        target.with_name("notes.txt").write_text("mine")
    with pytest.raises(FormatError, match=r"train_id\.txt|notes\.txt"):
        rebuild_release(tmp_path / "r", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_folder_that_holds_something_is_refused_and_an_empty_one_taken(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me")
    with pytest.raises(ExportError, match="not empty"):
        build_release(made, paths, tmp_path / "full")
    assert contents(tmp_path / "full") == {"mine.txt": b"keep me"}
    (tmp_path / "empty").mkdir()
    build_release(made, paths, tmp_path / "empty")
    assert (tmp_path / "empty" / "manifest.json").exists()


def test_a_stopped_build_leaves_nothing(made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(share: float, step: str) -> None:
        if share > 0.5:
            raise StopError

    with pytest.raises(StopError):
        build_release(made, paths, tmp_path / "r", on_progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_rises_to_one(made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path) -> None:
    shares: list[float] = []
    build_release(made, paths, tmp_path / "r", on_progress=lambda share, step: shares.append(share))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ((), "nobody has labelled a clip yet"),
        (tuple(states(1, 1, "joy", "fear")), "1 no two agree on an emotion"),
    ],
)
def test_a_project_without_samples_is_refused_with_the_reason(
    tmp_path: Path, answers: tuple[object, ...], message: str
) -> None:
    with pytest.raises(ExportError, match=message):
        build_release(snapshot(states=answers), {}, tmp_path / "r")


def test_a_single_clip_can_be_split_the_published_way_only(tmp_path: Path) -> None:
    made = snapshot(states=tuple(states(1, 1, "joy", "joy") + states(1, 2, "fear", "fear")))
    paths = feature_files(made, tmp_path / "f")
    with pytest.raises(ExportError, match="use the paper split"):
        build_release(made, paths, tmp_path / "r")
    assert build_release(made, paths, tmp_path / "r", ReleaseOptions(split="paper")).test == 1


@pytest.mark.parametrize(
    "options", [ReleaseOptions(format="erato"), ReleaseOptions(split="random"), ReleaseOptions(group_by="scene")]
)
def test_an_unknown_option_is_refused_with_the_known_ones(tmp_path: Path, options: ReleaseOptions) -> None:
    with pytest.raises(ExportError, match="use one of"):
        build_release(snapshot(), {}, tmp_path / "r", options)


def test_features_that_changed_since_the_snapshot_are_refused(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    stale = replace(made, episodes=tuple(replace(one, features_sha256="0" * 64) for one in made.episodes))
    with pytest.raises(ExportError, match="changed since the snapshot"):
        build_release(stale, paths, tmp_path / "r")


def test_a_liwc_release_names_its_dictionary_and_needs_it_again(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    lab = tmp_path / "lab.dic"
    lab.write_text("%\n1 joy\n%\nhappy 1\n")
    build_release(made, paths, tmp_path / "one", ReleaseOptions(liwc_dictionary=lab))
    assert "LIWC dictionary, which is proprietary" in (tmp_path / "one" / "README.md").read_text()
    assert b"happy 1" not in b"".join(contents(tmp_path / "one").values())
    with pytest.raises(ExportError, match="name that file"):
        rebuild_release(tmp_path / "one", tmp_path / "two")
    rebuild_release(tmp_path / "one", tmp_path / "two", liwc_dictionary=lab)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_no_file_holds_a_path_of_this_machine(made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path) -> None:
    build_release(made, paths, tmp_path / "r")
    assert str(tmp_path).encode() not in b"".join(contents(tmp_path / "r").values())


def test_the_datasheet_says_how_it_was_split_and_by_what_it_was_made(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    build_release(made, paths, tmp_path / "g", ReleaseOptions(group_by="episode"))
    text = (tmp_path / "g" / "README.md").read_text()
    assert "Mode `grouped`, grouped by episode, seed 2020" in text
    assert "| audio | synthetic-audio 1 | 6 | MIT |" in text
    build_release(made, paths, tmp_path / "p", ReleaseOptions(split="paper"))
    assert "do not compare them with scores on a grouped split" in (tmp_path / "p" / "README.md").read_text()


def test_statistics_count_classes_people_clips_and_speakers(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    report = build_release(made, paths, tmp_path / "r")
    numbers = json.loads((tmp_path / "r" / "statistics.json").read_text())
    ours = read_memor(tmp_path / "r")
    for emotions in ("primary", "fine_grained"):
        for name, counts in numbers[emotions].items():
            for side, ids in (("train", ours.train_ids), ("test", ours.test_ids)):
                assert counts[side] == sum(ours.samples[i].emotion(emotions) == name for i in ids)
    assert numbers["characters"]["Show / Ann"]["all"] == 12
    assert numbers["series"]["Show"]["all"] == 24
    assert numbers["clip_duration_ms"]["median"] == 12_000
    # The target speaks where the segment of the moment, the clip's second one, is hers.
    speaking = sum(
        ours.clips[s.clip].speakers[ours.clips[s.clip].target_segment(s.moment_s)[0]] == s.character
        for s in ours.samples
    )
    assert numbers["target_speaks"]["speaker"]["all"] == speaking > 0
    assert numbers["answers"]["dropped"] == report.tally.dropped


def test_a_release_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no release"):
        rebuild_release(tmp_path, tmp_path / "r")


def test_two_zips_of_one_release_are_equal_and_hold_it(
    made: ProjectSnapshot, paths: dict[int, Path], tmp_path: Path
) -> None:
    build_release(made, paths, tmp_path / "r")
    write_zip(tmp_path / "r", tmp_path / "one.zip")
    for path in (tmp_path / "r").rglob("*"):
        os.utime(path, (1, 1))
    write_zip(tmp_path / "r", tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert {name.removeprefix("r/") for name in archive.namelist()} == set(contents(tmp_path / "r"))
    with pytest.raises(ExportError, match="exists already"):
        write_zip(tmp_path / "r", tmp_path / "one.zip")
