"""The MEmoR layout: what the official loader would make of a release, and what our reader makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from exports.errors import ExportError, FormatError
from exports.formats.features import Extractor, read_episode_features, write_episode_features
from exports.formats.memor.cast import cast_of
from exports.formats.memor.layout import frame_count
from exports.formats.memor.reader import find_text_key, read_memor
from exports.formats.memor.visual import clip_visual, nearest
from exports.release import ReleaseOptions, build_release
from exports.snapshot import FaceSpanRow, SegmentRow
from tests.exports.factory import DIMS, character, clip, episode, feature_files, features, project, snapshot, states


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memor")
    made = project()
    build_release(made, feature_files(made, folder / "features"), folder / "release")
    return folder / "release"


def load(path: Path) -> Any:
    return json.loads(path.read_text())


class OfficialLoader:
    """What the official extractors do by the specification, cell by cell: the slow way, with only its files."""

    def __init__(self, root: Path) -> None:
        self.config = load(root / "config.json")
        self.root = root
        self.data = load(root / self.config["data_file"])
        self.audio = load(root / self.config["audio"]["feature_file"])
        self.text = load(root / self.config["text"]["feature_file"])

    def cells(self, clip_name: str, target: int) -> Iterator[tuple[int, int, Any, Any, Any]]:
        """Yield (person, segment, visual or None, audio or None, text or None), person by person."""
        entry = self.data[clip_name]
        people = sorted({*entry["on_character"], target})
        visual = self.config["visual"]
        names = (self.root / visual["faces_names_dir"] / f"{clip_name}.txt").open().readline().strip().split("\t")
        faces, objects, places = (
            torch.load(self.root / visual[key] / f"{clip_name}.pt", weights_only=True)
            for key in ("faces_feature_dir", "obj_feature_dir", "env_feature_dir")
        )
        for person in people:
            for place in range(len(entry["seg_start"])):
                begin = int((entry["seg_start"][place] - entry["start"]) * 23.976)
                end = int((entry["seg_end"][place] - entry["start"]) * 23.976)
                rows = []
                for row, name in enumerate(names if len(names) > 10 else ()):
                    frame, who = name[:-4].split("_")
                    if begin <= int(frame) <= end and who.lower() == self.config["speakers"][person]:
                        rows.append(faces[row])
                seen = heard = said = None
                if len(rows) > 10:
                    seen = torch.cat(
                        [torch.stack(rows).mean(0), objects[begin:end].mean(0), places[begin:end].mean(0)]
                    ).numpy()
                if entry["speakers"][place] == person:
                    heard = self.audio.get(f"{clip_name}+{entry['seg_ori_ind'][place]}")
                    said = self.text[f"{clip_name}+{place}"]
                yield person, place, seen, heard, said


def test_our_reader_agrees_with_the_official_loader_in_every_cell(built: Path) -> None:
    official, ours = OfficialLoader(built), read_memor(built)
    present = np.zeros(3, int)
    for sample in ours.samples:
        people = sorted({*ours.clips[sample.clip].on_character, sample.character})
        cells = ours.cells(sample.clip, people)
        for person, place, *expected in official.cells(sample.clip, sample.character):
            row = people.index(person)
            parts = ((cells.visual, cells.visual_mask), (cells.audio, cells.audio_mask), (cells.text, cells.text_mask))
            for number, ((values, mask), wanted) in enumerate(zip(parts, expected, strict=True)):
                assert mask[row, place] == (wanted is not None)
                present[number] += wanted is not None
                zeros = np.zeros(values.shape[-1])
                np.testing.assert_allclose(values[row, place], zeros if wanted is None else wanted, atol=1e-5)
    assert (present > 10).all()


def test_both_lists_of_annotations_hold_the_same_samples_in_the_same_order(built: Path) -> None:
    anno = load(built / "data/anno.json")
    keys = [[(e["clip"], e["character"], e["moment"]) for e in anno[name]] for name in ("primary", "fine_grained")]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 24
    assert {e["emotion"] for e in anno["primary"]} <= {"neutral", "joy", "anger", "sadness"}
    assert "serenity" in {e["emotion"] for e in anno["fine_grained"]}


def test_ids_are_disjoint_and_cover_all_samples(built: Path) -> None:
    train, test = (
        [int(line) for line in (built / "data" / name).read_text().splitlines()]
        for name in ("train_id.txt", "test_id.txt")
    )
    assert sorted(train + test) == list(range(24))


def test_times_are_seconds_of_the_episode_and_segments_keep_their_number(built: Path) -> None:
    entry = load(built / "data/data.json")["show-e1-24000"]
    assert entry["start"] == 24.0
    assert entry["seg_start"] == [24.0, 28.0, 32.0]
    assert entry["seg_end"] == [28.0, 32.0, 36.0]
    assert entry["seg_ori_ind"] == [6, 7, 8]
    # Segments 6, 7 and 8 are spoken by characters 1, 2 and 3; the third is no main character.
    assert entry["speakers"] == [0, 1, 2]


def test_audio_is_keyed_by_segment_number_and_text_by_position(built: Path) -> None:
    audio, text = (load(built / f"data/features/{name}_features.json") for name in ("audio", "text"))
    assert {key for key in audio if key.startswith("show-e1-24000+")} == {f"show-e1-24000+{i}" for i in (6, 7, 8)}
    assert {key for key in text if key.startswith("show-e1-24000+")} == {f"show-e1-24000+{i}" for i in (0, 1, 2)}


def test_a_visual_segment_has_neither_audio_nor_text_nor_speaker(built: Path) -> None:
    entry = load(built / "data/data.json")["show-e1-12000"]  # segments 3, 4, 5; number 4 is visual
    assert entry["speakers"] == [0, -1, 2]
    assert "show-e1-12000+4" not in load(built / "data/features/audio_features.json")
    assert "show-e1-12000+1" not in load(built / "data/features/text_features.json")


def test_text_is_written_as_extracted_and_audio_as_standard_scores_of_train_clips(built: Path) -> None:
    ours = read_memor(built)
    source = read_episode_features(built / "sources/episode-1.npz")
    row = int(np.flatnonzero(source.text_segment == 6)[0])
    np.testing.assert_array_equal(ours.text.get("show-e1-24000+0"), source.text[row])
    trained = {ours.samples[i].clip for i in ours.train_ids}
    rows = np.array(
        [ours.audio.rows[place] for key, place in ours.audio.places.items() if key.split("+")[0] in trained]
    )
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(rows.std(axis=0), 1, atol=1e-4)
    normal = load(built / "data/features/audio_normalisation.json")
    assert normal["rows"] == len(rows)
    scored = (source.audio[row] - np.array(normal["mean"])) / np.array(normal["deviation"])
    np.testing.assert_allclose(ours.audio.get("show-e1-24000+6"), scored, rtol=1e-5)


def test_the_config_gives_true_sizes_and_the_order_of_classes(built: Path) -> None:
    config = load(built / "config.json")
    assert config["speakers"] == ["ann", "ben", "others"]
    assert config["audio"]["feature_dim"] == DIMS["audio"]
    assert [config["visual"][key] for key in ("dim_face", "dim_obj", "dim_env")] == [4, 2, 3]
    assert config["personality"]["feature_dim"] == 26 + 194
    ours = config["affectory"]
    assert ours["emotions"]["primary"][:3] == ["neutral", "joy", "anger"]
    assert len(ours["emotions"]["fine_grained"]) == 14
    assert ours["extractors"]["audio"] == {"name": "synthetic-audio", "version": "1", "dim": 6, "licence": "MIT"}
    assert ours["split"] == {"mode": "grouped", "group_by": "clip", "seed": 2020}


def test_personality_columns_have_length_one_as_the_official_loader_makes_them(built: Path) -> None:
    profiles = read_memor(built).personality
    raw = torch.tensor(np.loadtxt(built / "data/features/character_features.csv", delimiter=","))
    wanted = torch.nn.functional.normalize(raw, dim=0).numpy()
    np.testing.assert_allclose(profiles, wanted, atol=1e-6)
    assert profiles.shape == (3, 220)


# --- visual: the 23.976 grid


def test_faces_of_a_track_fill_the_grid_of_its_span_with_the_nearest_looked_at_face() -> None:
    one = episode(1)
    made = features(one, every_ms=500)
    only = clip(1, one, 0, 2)  # 0 to 12 s
    visual = clip_visual(only, (FaceSpanRow(0, 1, 2000, 4000),), made, cast_of(snapshot().characters))
    frames = [int(name.split("_")[0]) for name in visual.face_names]
    assert {name.split("_")[1] for name in visual.face_names} == {"ann.jpg"}
    # Frame k shows k / 23.976 s: 2.0 s <= t < 4.0 s are frames 48 (2.002 s) to 95 (3.962 s).
    assert frames == list(range(48, 96))
    rows = np.flatnonzero(made.face_track == 0)
    for frame, vector in zip(frames, visual.faces, strict=True):
        closest = min(rows, key=lambda row: abs(int(made.face_time_ms[row]) - frame * 1000 / 23.976))
        np.testing.assert_array_equal(vector, made.face[closest])
    assert visual.environment.shape == (frame_count(0, 12), DIMS["environment"]) == (287, 3)


def test_only_linked_main_characters_have_face_rows() -> None:
    one = episode(1)
    spans = (FaceSpanRow(0, 3, 0, 12_000), FaceSpanRow(9, 1, 0, 12_000))  # a guest; a track that was never looked at
    visual = clip_visual(clip(1, one, 0, 2), spans, features(one), cast_of(snapshot().characters))
    assert visual.face_names == ()
    assert visual.faces.shape == (0, 4)


def test_an_episode_without_looked_at_frames_has_zero_scenes() -> None:
    one = episode(1)
    empty = replace(
        features(one),
        frame_time_ms=np.zeros(0, np.int32),
        environment=np.zeros((0, 3), np.float32),
        objects=np.zeros((0, 2), np.float32),
    )
    visual = clip_visual(clip(1, one, 0, 2), (), empty, cast_of(snapshot().characters))
    assert not visual.environment.any()


def test_nearest_takes_the_earlier_of_two_equally_near() -> None:
    found = nearest(np.array([0, 10, 20]), np.array([-5.0, 0, 4.9, 5, 5.1, 15, 99]))
    assert found.tolist() == [0, 0, 0, 0, 1, 1, 2]
    assert nearest(np.array([7]), np.array([0.0, 9])).tolist() == [0, 0]


@pytest.mark.parametrize(("span_ms", "rows", "visible"), [(460, 11, True), (400, 10, False)])
def test_a_character_is_visible_in_a_segment_with_more_than_ten_face_rows(
    tmp_path: Path, span_ms: int, rows: int, visible: bool
) -> None:
    # Segment 1 of the clip holds the short track of character 1; the other one keeps the clip above ten rows.
    made = project()
    faces = (FaceSpanRow(0, 1, 5000, 5000 + span_ms), FaceSpanRow(1, 2, 40_000, 72_000), FaceSpanRow(1, 2, 0, 4000))
    made = replace(made, episodes=tuple(replace(one, faces=faces) for one in made.episodes))
    paths = feature_files(made, tmp_path / "f")
    whole = features(replace(made.episodes[0], faces=(FaceSpanRow(0, 1, 0, 72_000), FaceSpanRow(1, 2, 0, 72_000))))
    write_episode_features(paths[1], whole)
    build_release(made, paths, tmp_path / "r")
    names = (tmp_path / "r/data/features/visual_features/face_names/show-e1-0.txt").read_text().split("\t")
    assert sum("ann" in name for name in names) == rows
    assert read_memor(tmp_path / "r").cells("show-e1-0", [0]).visual_mask.tolist() == [[False, visible, False]]


# --- cast


def test_main_characters_come_first_in_series_and_order_and_names_fit_file_names() -> None:
    people = (
        character(5, "Guest", main=False),
        replace(character(7, "Mary_Jane O'Neil"), order=2),
        replace(character(6, "José"), order=1),
        character(8, "李雷"),
        character(9, "jose", series="Other"),
        character(10, "Others", series="Other"),
    )
    cast = cast_of(people)
    assert cast.speakers == ("jose", "mary-jane-o-neil", "character2", "jose-2", "others-2", "others")
    assert cast.index(5) == cast.others == 5
    unknown = SegmentRow(0, 0, 1, "speech", None, "", "Hi")
    assert [cast.speaker_of(unknown), cast.speaker_of(replace(unknown, kind="visual"))] == [5, -1]


# --- refusals


def test_episodes_without_features_are_all_named(tmp_path: Path) -> None:
    made = project()
    with pytest.raises(ExportError, match="Show / Episode 1, Show / Episode 2"):
        build_release(made, {}, tmp_path / "r")
    assert not list(tmp_path.iterdir())


def test_episodes_with_other_extractors_are_named(tmp_path: Path) -> None:
    made = project()
    paths = feature_files(made, tmp_path / "f")
    other = features(made.episodes[1])
    write_episode_features(
        paths[2], replace(other, extractors={**other.extractors, "text": Extractor("synthetic-text", "2", 5)})
    )
    with pytest.raises(
        ExportError, match=r"text features .*synthetic-text 1 .*Episode 1; synthetic-text 2 .*Episode 2"
    ):
        build_release(made, paths, tmp_path / "r")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_features_of_another_segmentation_are_refused(tmp_path: Path) -> None:
    made = project()
    paths = feature_files(made, tmp_path / "f")
    write_episode_features(paths[1], features(episode(1, 60)))
    with pytest.raises(ExportError, match="another analysis"):
        build_release(made, paths, tmp_path / "r")


def test_a_spoken_segment_without_text_is_zeros_for_the_official_loader_and_missing_for_ours(tmp_path: Path) -> None:
    made = project()
    paths = feature_files(made, tmp_path / "f")
    whole = features(made.episodes[0])
    keep = whole.text_segment != 6
    write_episode_features(paths[1], replace(whole, text=whole.text[keep], text_segment=whole.text_segment[keep]))
    report = build_release(made, paths, tmp_path / "r")
    assert any("no text vector" in note for note in report.notes)
    assert load(tmp_path / "r/data/features/text_features.json")["show-e1-24000+0"] == [0.0] * 5
    assert not read_memor(tmp_path / "r").cells("show-e1-24000", [0]).text_mask[0, 0]


# --- reading other folders


def test_the_published_folder_needs_no_config(built: Path, tmp_path: Path) -> None:
    """A folder as published, from ours: eight characters, text keyed as in the first or the second version."""
    (tmp_path / "MEmoR").mkdir()
    data = tmp_path / "MEmoR" / "data"
    data.symlink_to(built / "data")
    for folder in (data, data.parent):
        found = read_memor(folder)
        assert found.speakers[0] == "sheldon"
        assert len(found.speakers) == 8
        assert found.text_key == "position"
        assert found.classes["fine_grained"][9] == "serenity"
        assert (found.dims.audio, found.dims.text, found.dims.face) == (6, 5, 4)


def test_the_text_keys_of_the_first_version_are_recognised(built: Path) -> None:
    ours = read_memor(built)
    table = replace(ours.text, places={f"{c.name}+{i}": 0 for c in ours.clips.values() for i in c.seg_ori_ind})
    assert find_text_key(ours.clips, ours.samples, table) == "seg_ori_ind"


def test_ambiguous_or_fitting_no_text_keys_are_refused(built: Path) -> None:
    ours = read_memor(built)
    both = {f"{c.name}+{i}": 0 for c in ours.clips.values() for i in (*c.seg_ori_ind, *range(c.segments))}
    with pytest.raises(FormatError, match="fits both"):
        find_text_key(ours.clips, ours.samples, replace(ours.text, places=both))
    with pytest.raises(FormatError, match="fits neither"):
        find_text_key(ours.clips, ours.samples, replace(ours.text, places={}))


def test_persons_are_the_union_of_on_character_and_targets_of_one_side(built: Path) -> None:
    ours = read_memor(built)
    ours.clips = {name: replace(one, on_character=(2,)) for name, one in ours.clips.items()}
    first = next(i for i, sample in enumerate(ours.samples) if sample.character == 1)
    assert ours.persons([first]) == {ours.samples[first].clip: (1, 2)}
    other = next(i for i, s in enumerate(ours.samples) if s.clip == ours.samples[first].clip and s.character == 0)
    assert ours.persons([first, other])[ours.samples[first].clip] == (0, 1, 2)


@pytest.mark.parametrize(
    ("moment_s", "expected"),
    [(24.0, (0, True)), (27.999, (0, True)), (28.0, (1, True)), (36.0, (2, False)), (0, (0, False))],
)
def test_a_moment_belongs_to_the_segment_that_holds_it_else_to_the_nearest(
    built: Path, moment_s: float, expected: tuple[int, bool]
) -> None:
    assert read_memor(built).clips["show-e1-24000"].target_segment(moment_s) == expected


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("anno.json", lambda d: d["primary"].pop(), "23 primary"),
        ("anno.json", lambda d: d["primary"][3].update(moment=0.5), "sample 3 differs"),
        ("anno.json", lambda d: [d[k][2].update(clip="nowhere") for k in d], "'nowhere' is not in data.json"),
        ("anno.json", lambda d: d["primary"][0].update(emotion="rage"), "'rage' is none of the primary"),
        ("data.json", lambda d: d["show-e1-0"].pop("speakers"), "clip 'show-e1-0'"),
        ("data.json", lambda d: d["show-e1-0"]["speakers"].pop(), "differ in length"),
        ("data.json", lambda d: d["show-e1-0"].update(on_character=[7]), "unknown character"),
        ("features/text_features.json", lambda d: d.pop("show-e1-24000+0"), "show-e1-24000\\+0"),
        (
            "features/audio_features.json",
            lambda d: [v.pop() for v in d.values()],
            "says 6 audio numbers, the file has 5",
        ),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, edit: Any, message: str) -> None:
    made = project()
    build_release(made, feature_files(made, tmp_path / "f"), tmp_path / "r")
    document = load(tmp_path / "r/data" / name)
    edit(document)
    (tmp_path / "r/data" / name).write_text(json.dumps(document))
    with pytest.raises(FormatError, match=message):
        read_memor(tmp_path / "r")


def test_a_sample_on_both_sides_is_refused(tmp_path: Path) -> None:
    made = project()
    build_release(made, feature_files(made, tmp_path / "f"), tmp_path / "r")
    ids = tmp_path / "r/data/test_id.txt"
    ids.write_text((tmp_path / "r/data/train_id.txt").read_text())
    with pytest.raises(FormatError, match=r"in train_id\.txt and test_id\.txt"):
        read_memor(tmp_path / "r")


def test_a_folder_that_is_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no MEmoR folder"):
        read_memor(tmp_path)


def test_a_character_seen_by_half_the_annotators_is_in_the_clip(tmp_path: Path) -> None:
    made = project()
    rows = [row for row in made.states if row.clip_id != 100]
    rows += states(100, 1, "joy", "joy", "joy", "absent") + states(100, 2, "absent", "absent", "joy")
    made = replace(made, states=tuple(rows))
    build_release(made, feature_files(made, tmp_path / "f"), tmp_path / "r", ReleaseOptions(split="paper"))
    assert load(tmp_path / "r/data/data.json")["show-e1-0"]["on_character"] == [0]
