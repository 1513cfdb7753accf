"""Features: shapes, times, the file's bytes, and extractors against what is known of their input."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import time
import wave
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exports.formats.features import read_episode_features
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import FaceBox, FaceLooks, FaceTrack, Utterance
from workers.analysers.features import FeatureArrays, Options, extract_features, write_features
from workers.analysers.features.audio import LogMelFunctionals, choose_audio_extractor
from workers.analysers.features.extract import Seen, _sound_features
from workers.analysers.features.scene import (
    ENVIRONMENT,
    SurroundingsOptions,
    SurroundingsTap,
    count_objects,
    describe_environment,
)
from workers.analysers.features.smile import OpenSmile
from workers.analysers.features.text import _by_length, choose_text_extractor
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.segments import segments_of
from workers.analysers.sweep import sweep
from workers.demo import DemoFiles


def utterance(index: int, start_ms: int, end_ms: int, text: str) -> Utterance:
    return Utterance(
        index=index,
        speaker="A",
        text=text,
        start_ms=start_ms,
        end_ms=end_ms,
        words=(),
        timing="aligned",
        speaker_certain=True,
    )


def track(index: int, times: list[int], box: tuple[float, float, float, float], end_ms: int) -> FaceTrack:
    boxes = tuple(FaceBox(time_ms, box, 0.99) for time_ms in times)
    return FaceTrack(index=index, shot_index=index, start_ms=times[0], end_ms=end_ms, boxes=boxes, identity=index)


@pytest.fixture(scope="module")
def truth(demo: DemoFiles) -> dict[str, Any]:
    return json.loads(demo.truth.read_text())


@pytest.fixture(scope="module")
def sound(demo: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "episode.wav"
    command = [
        ffmpeg_path(),
        "-loglevel",
        "error",
        "-i",
        demo.video,
        "-ac",
        "1",
        "-ar",
        "16000",
        "-c:a",
        "pcm_s16le",
        path,
    ]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="module")
def arrays(demo: DemoFiles, truth: dict[str, Any], sound: Path) -> FeatureArrays:
    spoken = [utterance(u["index"], u["start_ms"], u["end_ms"], u["text"]) for u in truth["utterances"]]
    return extract_features(
        sound, spoken, segments_of(spoken, truth["duration_ms"]), seen(demo.video, truth), Options(audio="functionals")
    )


def seen(video: Path, truth: dict[str, Any], tracks: int = 3) -> Seen:
    """What one pass over the demo's pictures gathers, with `tracks` faces of made-up embeddings."""
    tap = SurroundingsTap(SurroundingsOptions())
    sweep(video, duration_ms=truth["duration_ms"], watchers=[tap])
    followed = [track(index, [0], (0, 0, 10, 10), 4838) for index in range(tracks)]
    times, of_track = np.arange(tracks, dtype=np.int32) * 500, np.arange(tracks, dtype=np.int32)
    embedding = np.random.default_rng(1).random((tracks, 128), dtype=np.float32)
    return Seen(followed, FaceLooks(times, of_track, embedding), "dlib-resnet-v1-128", tap.finish())


@pytest.mark.models
def test_every_part_has_its_rows_and_its_width(arrays: FeatureArrays, truth: dict[str, Any]) -> None:
    assert arrays.audio.shape == (12, arrays.extractors["audio"].dim)
    assert arrays.text.shape == (12, 384)
    assert arrays.face.shape == (3, 128)
    assert arrays.environment.shape == (len(arrays.frame_time_ms), ENVIRONMENT.dim)
    assert arrays.objects.shape == (len(arrays.frame_time_ms), 1)
    for part in ("audio", "text", "face", "environment", "objects"):
        values = getattr(arrays, part)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()


@pytest.mark.models
def test_frames_are_described_once_a_second(arrays: FeatureArrays, truth: dict[str, Any]) -> None:
    due = np.arange(len(arrays.frame_time_ms)) * 1000
    assert len(due) == -(-truth["duration_ms"] // 1000)
    assert ((arrays.frame_time_ms - due >= 0) & (arrays.frame_time_ms - due < 42)).all()


@pytest.mark.models
def test_utterances_point_to_their_segments(arrays: FeatureArrays, truth: dict[str, Any]) -> None:
    spoken = [utterance(u["index"], u["start_ms"], u["end_ms"], u["text"]) for u in truth["utterances"]]
    expected = [s.index for s in segments_of(spoken, truth["duration_ms"]) if s.kind == "speech"]
    assert arrays.audio_segment.tolist() == arrays.text_segment.tolist() == expected
    assert len(expected) == 12
    assert expected != list(range(12)), "the visual gap comes in between"


@pytest.mark.models
def test_faces_are_counted_while_they_are_followed(arrays: FeatureArrays, truth: dict[str, Any]) -> None:
    assert arrays.objects[:5, 0].tolist() == [3.0] * 5  # until 4838 ms
    assert not arrays.objects[5:].any()


@pytest.mark.models
def test_the_file_is_read_by_the_releases_reader(arrays: FeatureArrays, tmp_path: Path) -> None:
    write_features(arrays, tmp_path / "features.npz")
    read = read_episode_features(tmp_path / "features.npz")
    for key in (
        "audio",
        "audio_segment",
        "text",
        "face",
        "face_time_ms",
        "face_track",
        "frame_time_ms",
        "environment",
        "objects",
    ):
        np.testing.assert_array_equal(getattr(read, key), getattr(arrays, key))
    assert {part: made.dim for part, made in read.extractors.items()} == {
        p: m.dim for p, m in arrays.extractors.items()
    }
    with np.load(tmp_path / "features.npz") as stored:
        assert all(part["licence"] for part in json.loads(str(stored["meta"])).values())


def small_arrays() -> FeatureArrays:
    made = LogMelFunctionals().made_by
    rows, numbers = np.zeros(0, np.int32), np.zeros((0, made.dim), np.float32)
    looked = np.arange(3, dtype=np.int32)
    environment, objects = np.ones((3, 2), np.float32), np.ones((3, 1), np.float32)
    extractors = dict.fromkeys(("audio", "text", "face", "environment", "objects"), made)
    return FeatureArrays(numbers, rows, numbers, rows, numbers, rows, rows, looked, environment, objects, extractors)


def test_equal_features_are_equal_bytes_whenever_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_features(small_arrays(), tmp_path / "a.npz")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_features(small_arrays(), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_other_features_are_other_bytes(tmp_path: Path) -> None:
    write_features(small_arrays(), tmp_path / "a.npz")
    write_features(replace(small_arrays(), objects=np.zeros((3, 1), np.float32)), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() != (tmp_path / "b.npz").read_bytes()


@pytest.mark.models
def test_an_episode_without_sound_speech_or_faces_has_frames_alone(demo: DemoFiles, truth: dict[str, Any]) -> None:
    arrays = extract_features(None, [], segments_of([], truth["duration_ms"]), seen(demo.video, truth, tracks=0))
    assert arrays.audio.shape == (0, arrays.extractors["audio"].dim)
    assert arrays.text.shape == (0, 384)
    assert arrays.face.shape == (0, 128)
    assert arrays.environment.shape[0] == -(-truth["duration_ms"] // 1000)


def test_an_utterance_without_segment_is_refused(demo: DemoFiles, truth: dict[str, Any]) -> None:
    with pytest.raises(AnalysisError) as refused:
        extract_features(None, [utterance(0, 0, 100, "Yes.")], [], seen(demo.video, truth, tracks=0))
    assert refused.value.code == "segments_missing"


def tone(hz: float, ms: int) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * hz * np.arange(ms * 16) / 16_000)).astype(np.int16)


@pytest.mark.parametrize("hz", [110.0, 220.0, 400.0])
def test_the_pitch_and_crossings_of_a_tone_are_its_frequency(hz: float) -> None:
    pitch, voicing = LogMelFunctionals().curves(tone(hz, 500))[:, -2:].T
    assert abs(np.median(pitch) - hz) < 0.02 * hz
    assert np.median(voicing) > 0.9
    crossings = LogMelFunctionals().curves(tone(hz, 500))[:, -4]
    assert abs(np.mean(crossings) - 2 * hz) <= 40  # a window of 25 ms can miss one


def test_louder_sound_has_more_energy_and_the_same_pitch() -> None:
    loud, soft = (LogMelFunctionals().curves(sound) for sound in (tone(200, 500), tone(200, 500) // 8))
    assert loud[:, -5].mean() > soft[:, -5].mean() + 3
    assert np.median(loud[:, -2]) == np.median(soft[:, -2])


@pytest.mark.parametrize(
    "sound", [np.zeros(4800, np.int16), np.zeros(0, np.int16), tone(300, 3000)], ids=["silence", "none", "tone"]
)
def test_any_sound_has_finite_functionals(sound: np.ndarray) -> None:
    extractor = LogMelFunctionals()
    vector = extractor.extract(sound)
    assert vector.shape == (extractor.made_by.dim,)
    assert np.isfinite(vector).all()


@pytest.mark.skipif(importlib.util.find_spec("opensmile") is None, reason="openSMILE (research only) is not installed")
@pytest.mark.parametrize("sound", [np.zeros(4800, np.int16), tone(300, 1000)], ids=["silence", "tone"])
def test_opensmile_gives_compares_6373_finite_numbers(sound: np.ndarray) -> None:
    extractor = choose_audio_extractor("auto")
    assert extractor.made_by.name.startswith("opensmile")
    assert "research" in extractor.made_by.licence
    vector = extractor.extract(sound)
    assert vector.shape == (6373,)
    assert np.isfinite(vector).all()


@pytest.mark.skipif(importlib.util.find_spec("opensmile") is None, reason="openSMILE (research only) is not installed")
def test_opensmile_gives_what_its_package_gives() -> None:
    import opensmile

    sound = np.concatenate([tone(180, 400), np.zeros(1600, np.int16), tone(240, 700)])
    sound += np.random.default_rng(3).normal(0, 200, sound.size).astype(np.int16)
    package = opensmile.Smile(opensmile.FeatureSet.ComParE_2016, opensmile.FeatureLevel.Functionals)
    expected = package.process_signal(sound.astype(np.float32) / 32768, 16_000).to_numpy(np.float32)[0]
    extractor = OpenSmile()
    assert extractor.made_by.dim == package.num_features
    np.testing.assert_array_equal(extractor.extract(sound), np.nan_to_num(expected, posinf=0.0, neginf=0.0))


def test_each_utterance_keeps_its_own_sound_however_many_are_heard_at_once(tmp_path: Path) -> None:
    lengths = [400 + 37 * (i % 9) for i in range(40)]
    starts = np.cumsum([0, *lengths])
    with wave.open(str(tmp_path / "sound.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(np.concatenate([tone(100 + 8 * i, ms) for i, ms in enumerate(lengths)]).tobytes())
    spoken = [utterance(i, int(starts[i]), int(starts[i + 1]), "") for i in range(40)]
    listener, done = LogMelFunctionals(), []
    with ThreadPoolExecutor(4) as pool:
        found = _sound_features(tmp_path / "sound.wav", spoken, listener, pool, lambda share, _: done.append(share))
    for i, row in enumerate(np.asarray(found)):
        np.testing.assert_array_equal(row, listener.extract(tone(100 + 8 * i, lengths[i])))
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_without_opensmile_auto_takes_our_own_and_the_choice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert choose_audio_extractor("auto").made_by.name == "logmel-functionals"
    with pytest.raises(AnalysisError) as refused:
        choose_audio_extractor("opensmile")
    assert refused.value.code == "audio_extractor_missing"


@pytest.mark.models
def test_texts_that_mean_the_same_are_nearer_than_others() -> None:
    extractor = choose_text_extractor("minilm")
    glad, happy, boat = extractor.extract(["I am so glad!", "That makes me happy.", "The boat has three sails."])
    assert glad @ happy > glad @ boat + 0.2
    assert np.allclose(np.linalg.norm([glad, happy, boat], axis=1), 1.0, atol=1e-5)


@pytest.mark.models
def test_vectors_stand_in_the_order_of_their_texts() -> None:
    extractor = choose_text_extractor("minilm")
    texts = [f"{'so ' * (i * 7 % 20)}number {i}." for i in range(40)]
    alone = np.concatenate([extractor.extract([text]) for text in texts])
    np.testing.assert_allclose(extractor.extract(texts), alone, atol=1e-5)


def test_texts_of_like_length_are_read_together() -> None:
    read: list[Sequence[str]] = []

    def lengths(texts: Sequence[str]) -> np.ndarray:
        read.append(texts)
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    texts = ["x" * (i * 7 % 40) for i in range(40)]
    assert _by_length(texts, 1, lengths).ravel().tolist() == [len(text) for text in texts]
    assert [len(text) for batch in read for text in batch] == sorted(range(40))


@pytest.mark.models
def test_a_text_has_one_vector_whatever_it_is_read_with() -> None:
    extractor = choose_text_extractor("minilm")
    alone = extractor.extract(["Yes."])[0]
    padded = extractor.extract(["Yes.", "A much longer sentence stands beside it, with many more words."])[0]
    np.testing.assert_allclose(alone, padded, atol=1e-5)


def test_missing_bert_says_what_to_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFFECTORY_WEIGHTS", raising=False)
    with pytest.raises(AnalysisError, match="AFFECTORY_WEIGHTS") as refused:
        choose_text_extractor("bert-large")
    assert refused.value.code == "text_model_missing"


def test_a_plain_red_frame_is_all_in_the_red_bin() -> None:
    vector = describe_environment(np.full((180, 320, 3), (0, 0, 255), np.uint8))
    assert vector.shape == (ENVIRONMENT.dim,)
    assert vector[5 * 36] == 1.0  # red in the last sixth, green and blue in the first
    assert vector[:216].sum() == 1.0
    assert not vector[216 : 216 + 756].any(), "no edges in a plain frame"


def test_a_face_is_counted_from_its_first_to_before_its_last_moment() -> None:
    times = np.array([99, 100, 199, 200], dtype=np.int32)
    assert count_objects(times, np.array([[100, 200]], dtype=np.int32)).ravel().tolist() == [0, 1, 1, 0]
    assert count_objects(times, np.array([[100, 200], [0, 150]], dtype=np.int32)).ravel().tolist() == [1, 2, 1, 0]
    assert count_objects(times, np.zeros((0, 2), dtype=np.int32)).ravel().tolist() == [0, 0, 0, 0]
