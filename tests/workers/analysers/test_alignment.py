"""Utterances from subtitles, transcript and sound, on sound whose words are known and on a real dialogue."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import SHARED, needs_shared
from workers.analysers.alignment import Options, align
from workers.analysers.alignment.spans import deal_span, dealt_out, parted
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import SubtitleLine, Utterance, Word
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.transcripts import TranscriptLine, read_transcript
from workers.demo import DemoFiles

DIALOGUE = SHARED / "data/meld/dialogue65"
DIALOGUE_MS = 33_534


def sound_of(video: Path, folder: Path) -> Path:
    path = folder / f"{video.stem}.wav"
    command = [
        ffmpeg_path(),
        "-loglevel",
        "error",
        "-y",
        "-i",
        video,
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


def cue(start_ms: int, end_ms: int, text: str) -> SubtitleLine:
    return SubtitleLine(index=0, start_ms=start_ms, end_ms=end_ms, text=text, confidence=1.0, source="file")


def must_hold(utterances: tuple[Utterance, ...], duration_ms: int) -> None:
    assert [u.index for u in utterances] == list(range(len(utterances)))
    assert [u.start_ms for u in utterances] == sorted(u.start_ms for u in utterances)
    for u in utterances:
        assert 0 <= u.start_ms < u.end_ms <= duration_ms
        times = [time for word in u.words for time in (word.start_ms, word.end_ms)]
        assert times == sorted(times)
        assert all(u.start_ms <= time <= u.end_ms for time in times)


@pytest.fixture(scope="module")
def demo_utterances(demo: DemoFiles, tmp_path_factory: pytest.TempPathFactory) -> tuple[Utterance, ...]:
    sound = sound_of(demo.video, tmp_path_factory.mktemp("sound"))
    duration_ms = json.loads(demo.truth.read_text())["duration_ms"]
    utterances = align(read_subtitles(demo.subtitles), read_transcript(demo.transcript), sound, duration_ms)
    must_hold(utterances, duration_ms)
    return utterances


def test_the_demos_utterances_have_speakers_and_true_times(
    demo: DemoFiles, demo_utterances: tuple[Utterance, ...]
) -> None:
    truth = json.loads(demo.truth.read_text())["utterances"]
    assert [(u.speaker, u.text, u.timing, u.speaker_certain) for u in demo_utterances] == [
        (t["speaker"], t["text"], "aligned", True) for t in truth
    ]
    early = [t["start_ms"] - u.start_ms for u, t in zip(demo_utterances, truth, strict=True)]
    assert max(map(abs, early)) <= 80
    assert np.median(early) <= 22  # 25 where a frame's window is taken to end where the frame does
    assert max(abs(u.end_ms - t["end_ms"]) for u, t in zip(demo_utterances, truth, strict=True)) <= 80


def test_the_demos_words_start_when_they_are_spoken(demo: DemoFiles, demo_utterances: tuple[Utterance, ...]) -> None:
    truth = json.loads(demo.truth.read_text())["utterances"]
    errors = [
        abs(word.start_ms - known["start_ms"])
        for u, t in zip(demo_utterances, truth, strict=True)
        for word, known in zip(u.words, t["words"], strict=True)
        if known["start_ms"] is not None
    ]
    assert len(errors) > 80
    assert np.median(errors) <= 30
    assert np.percentile(errors, 95) <= 90


def test_a_text_that_is_not_what_is_said_is_never_called_verified(demo: DemoFiles, tmp_path: Path) -> None:
    cues = list(read_subtitles(demo.subtitles))
    long = [i for i, line in enumerate(cues) if len(line.text.split()) >= 6 and "\n" not in line.text][:4]
    assert len(long) == 4
    texts = [cues[i].text for i in long]
    for i, text in zip(long, texts[1:] + texts[:1], strict=True):
        cues[i] = replace(cues[i], text=text)
    utterances = align(cues, None, sound_of(demo.video, tmp_path), cues[-1].end_ms)
    timings = [u.timing for u in utterances if u.text in texts]
    assert len(timings) == 4
    assert "aligned" not in timings


def test_utterances_of_one_subtitle_have_their_own_times_in_order(
    demo: DemoFiles, demo_utterances: tuple[Utterance, ...]
) -> None:
    question, answer = demo_utterances[2:4]
    shared = read_subtitles(demo.subtitles)[2]
    assert "\n" in shared.text
    assert shared.start_ms - 300 <= question.start_ms < question.end_ms <= answer.start_ms < answer.end_ms


@needs_shared
def test_every_utterance_of_a_real_dialogue_has_its_speaker_and_times(tmp_path: Path) -> None:
    sound = sound_of(DIALOGUE / "episode.mp4", tmp_path)
    subtitles = read_subtitles(DIALOGUE / "episode.srt")
    utterances = align(subtitles, read_transcript(DIALOGUE / "transcript.txt"), sound, DIALOGUE_MS)
    must_hold(utterances, DIALOGUE_MS)
    with (DIALOGUE / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    assert [u.speaker for u in utterances] == [row["speaker"] for row in labels]
    assert all(u.speaker_certain and u.words for u in utterances)
    assert sum(u.timing == "aligned" for u in utterances) >= 9
    assert all(u.timing in ("aligned", "unverified", "subtitle") for u in utterances)
    for utterance, line in zip(utterances, subtitles, strict=True):
        assert line.start_ms - 300 <= utterance.start_ms < utterance.end_ms <= line.end_ms + 300


def test_without_sound_utterances_keep_their_subtitles_times() -> None:
    (utterance,) = align([cue(1000, 3000, "Good morning.")], None, None, 5000)
    assert (utterance.start_ms, utterance.end_ms, utterance.timing, utterance.speaker) == (1000, 3000, "subtitle", "")
    assert [(w.text, w.start_ms, w.end_ms) for w in utterance.words] == [("Good", 1000, 1769), ("morning.", 1769, 3000)]


def test_two_utterances_of_a_subtitle_share_its_time_by_length_where_nothing_is_heard() -> None:
    transcript = [TranscriptLine("A", "aaaa"), TranscriptLine("B", "bbbbbbbbbbbb")]
    first, second = align([cue(0, 4000, "- aaaa\n- bbbbbbbbbbbb")], transcript, None, 5000)
    assert (first.start_ms, first.end_ms, second.start_ms, second.end_ms) == (0, 1000, 1000, 4000)


def test_silence_aligns_with_nothing_and_keeps_the_subtitles_time(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000 // 5))
    text = "What a long sentence to be said in a fifth of a second, is it not?"
    (utterance,) = align([cue(0, 200, text)], None, path, 200)
    assert (utterance.timing, utterance.start_ms, utterance.end_ms) == ("subtitle", 0, 200)


@pytest.mark.parametrize(
    "text", ["我真高兴，没有问题。", "Ich freue mich wirklich sehr über diesen schönen Nachmittag"]
)
def test_a_language_that_cannot_be_heard_keeps_the_subtitles_time(text: str, tmp_path: Path) -> None:
    path = tmp_path / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(np.random.default_rng(0).integers(-500, 500, 48_000).astype("<i2").tobytes())
    (utterance,) = align([cue(500, 2500, text)], None, path, 3000)
    assert (utterance.timing, utterance.text) == ("subtitle", text)
    must_hold((utterance,), 3000)


def test_subtitles_after_the_end_of_the_video_are_dropped_or_cut() -> None:
    utterances = align([cue(1000, 9000, "Yes."), cue(6000, 7000, "No.")], None, None, 5000)
    assert [(u.start_ms, u.end_ms) for u in utterances] == [(1000, 5000)]


def test_sound_that_is_not_the_proxys_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 44_100, 0, "NONE", ""))
        file.writeframes(bytes(400))
    for wrong in (path, tmp_path / "missing.wav"):
        with pytest.raises(AnalysisError) as refused:
            align([cue(0, 1000, "Good morning.")], None, wrong, 1000, Options())
        assert refused.value.code == "audio_unreadable"


def test_progress_reaches_its_end() -> None:
    shares: list[float] = []
    align(
        [cue(0, 1000, "Yes."), cue(1000, 2000, "No.")],
        None,
        None,
        3000,
        on_progress=lambda share, step: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=20), st.integers(0, 1000), st.integers(20, 5000))
def test_a_span_is_dealt_out_without_gap_or_overlap(shares: list[int], start: int, length: int) -> None:
    spans = deal_span(shares, start, start + length)
    assert spans[0][0] == start
    assert spans[-1][1] == start + length
    assert all(a < b for a, b in spans)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


@st.composite
def subtitles(draw: st.DrawFn) -> list[SubtitleLine]:
    texts = st.sampled_from(["Yes.", "- Yes.\n- No.", "NORA: I see.", "好的。", "...", "[sighs]", "One\ntwo three"])
    starts = draw(st.lists(st.integers(0, 10_000), max_size=8).map(sorted))
    return [cue(start, start + draw(st.integers(1, 4000)), draw(texts)) for start in starts]


@given(subtitles())
def test_any_subtitles_give_utterances_in_order_inside_the_episode(lines: list[SubtitleLine]) -> None:
    must_hold(align(lines, None, None, 9000), 9000)


def test_words_of_a_span_follow_each_other() -> None:
    words = dealt_out(["a", "bbb"], 0, 600)
    assert [(w.start_ms, w.end_ms) for w in words] == [(0, 200), (200, 600)]


def heard(start_ms: int, end_ms: int) -> Utterance:
    return Utterance(
        index=0,
        speaker="A",
        text="Yes.",
        start_ms=start_ms,
        end_ms=end_ms,
        words=(Word("Yes.", start_ms, end_ms),),
        timing="aligned",
        speaker_certain=True,
    )


@pytest.mark.parametrize(
    ("earlier", "later", "shown", "expected"),
    [
        ((0, 1200), (900, 2000), ((0, 1000), (1000, 2000)), ((0, 1000), (1000, 2000))),
        ((0, 1200), (1100, 2000), ((0, 1000), (1000, 2000)), ((0, 1100), (1100, 2000))),
        ((0, 980), (900, 2000), ((0, 1000), (1000, 2000)), ((0, 980), (980, 2000))),
        ((0, 900), (1100, 2000), ((0, 1000), (1000, 2000)), ((0, 900), (1100, 2000))),
        ((0, 1500), (900, 2000), ((0, 1600), (1000, 2000)), ((0, 1500), (900, 2000))),
    ],
    ids=["at the later subtitle", "later starts after it", "earlier ends before it", "apart", "subtitles overlap too"],
)
def test_neighbours_part_where_the_later_subtitle_begins(
    earlier: tuple[int, int], later: tuple[int, int], shown: tuple[tuple[int, int], ...], expected: tuple
) -> None:
    utterances = parted([heard(*earlier), heard(*later)], shown)
    assert tuple((u.start_ms, u.end_ms) for u in utterances) == expected
    assert tuple((u.words[0].start_ms, u.words[0].end_ms) for u in utterances) == expected
