"""From subtitles, transcript and sound to utterances (MEmoR protocol, rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from workers.analysers.alignment.forced import ForcedAligner, SpokenSpan
from workers.analysers.alignment.matching import SpokenPart, match
from workers.analysers.alignment.spans import deal_span, dealt_out, in_order, parted
from workers.analysers.alignment.windows import Window, hear
from workers.analysers.alignment.words import spoken_words
from workers.analysers.facts import Progress, SubtitleLine, Utterance, Word, no_progress
from workers.analysers.transcripts import TranscriptLine

NAME: Final = "alignment"
VERSION: Final = "3"

#: Below this share of words in the dictionary a text is another language, whatever the option says.
_KNOWN_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Options:
    language: str = "en"
    """What is spoken, ISO 639-1. Only English can be aligned to the sound; others keep their subtitles' times."""
    forced: bool = True
    """False: no alignment to the sound at all."""
    padding_ms: int = 300
    """How far before and after its subtitle a line is looked for."""


def align(
    subtitles: Sequence[SubtitleLine],
    transcript: Sequence[TranscriptLine] | None,
    audio: Path | None,
    duration_ms: int,
    options: Options | None = None,
    on_progress: Progress = no_progress,
) -> tuple[Utterance, ...]:
    """Return the utterances of an episode in order, inside [0, duration_ms), with speakers and word times.

    Who speaks comes from `match`. Utterances of one subtitle are aligned together, so that they follow each other.
    Times are `aligned` where the default search found a way and the sound is that of the words, `unverified` where
    either is not so, else `subtitle`: dealt out over the subtitle's own time by length. `audio` is a 16 kHz mono 16-bit
    WAV, or None. Subtitles after the end of the video are dropped. Raises AnalysisError `audio_unreadable`,
    `aligner_missing`.
    """
    options = options or Options()
    shown = [line for line in subtitles if line.start_ms < duration_ms]
    parts = match(shown, transcript or ())
    aligner = ForcedAligner() if options.forced and options.language == "en" and audio is not None and parts else None
    if aligner is not None and not _is_english(aligner, parts):
        aligner = None
    groups = [(cue, list(group)) for cue, group in groupby(parts, key=lambda part: part.cue)]
    spans = [(shown[cue].start_ms, min(shown[cue].end_ms, duration_ms)) for cue, _ in groups]
    timed: list[list[Utterance] | None] = [None] * len(groups)
    if aligner is not None and audio is not None:
        timed = _aligned(aligner, audio, [together for _, together in groups], spans, options.padding_ms, on_progress)
    utterances: list[Utterance] = []
    for (_, together), span, found in zip(groups, spans, timed, strict=True):
        utterances += found or _from_subtitle(together, span)
    on_progress(1.0, "aligning speech")
    return in_order(
        parted(utterances, [(shown[u.index].start_ms, shown[u.index].end_ms) for u in utterances]), duration_ms
    )


def _is_english(aligner: ForcedAligner, parts: Sequence[SpokenPart]) -> bool:
    spoken = [spoken_words(word) for part in parts for word in part.words]
    known = sum(bool(words) and all(aligner.knows(word) for word in words) for words in spoken)
    return known >= _KNOWN_SHARE * len(spoken)


def _aligned(
    aligner: ForcedAligner,
    audio: Path,
    groups: Sequence[Sequence[SpokenPart]],
    spans: Sequence[tuple[int, int]],
    padding_ms: int,
    on_progress: Progress,
) -> list[list[Utterance] | None]:
    """Align all that is said in each subtitle; None where even the wide search finds no way."""
    spoken = [[[spoken_words(word) for word in part.words] for part in parts] for parts in groups]
    windows = {
        place: Window(
            max(start_ms - padding_ms, 0),
            end_ms + padding_ms,
            tuple(word for part in spoken[place] for words in part for word in words),
        )
        for place, (start_ms, end_ms) in enumerate(spans)
        if all(any(part) for part in spoken[place])
    }
    timed: list[list[Utterance] | None] = [None] * len(groups)
    for place, found in zip(windows, hear(aligner, audio, list(windows.values()), on_progress), strict=True):
        if found is not None:
            timing = "aligned" if found.heard.sounds_like and not found.wide else "unverified"
            start_ms = windows[place].start_ms
            timed[place] = _utterances(groups[place], spoken[place], found.heard.spans, start_ms, timing)
    return timed


def _utterances(
    parts: Sequence[SpokenPart],
    spoken: Sequence[Sequence[Sequence[str]]],
    heard: Sequence[SpokenSpan],
    offset_ms: int,
    timing: str,
) -> list[Utterance]:
    """Give the heard spans back to the written words they came from, and those to their utterances."""
    remaining = iter(heard)
    utterances: list[Utterance] = []
    for part, per_word in zip(parts, spoken, strict=True):
        spans = [[next(remaining) for _ in words] for words in per_word]
        words = _words(part.words, spans, offset_ms)
        utterances.append(_utterance(part, words[0].start_ms, words[-1].end_ms, words, timing))
    return utterances


def _words(written: Sequence[str], spans: Sequence[Sequence[SpokenSpan]], offset_ms: int) -> tuple[Word, ...]:
    """A word that cannot be spoken (in another script) takes no time, between its neighbours."""
    starts = [span[0].start_ms if span else None for span in spans]
    words: list[Word] = []
    for i, (text, span) in enumerate(zip(written, spans, strict=True)):
        if span:
            words.append(Word(text, offset_ms + span[0].start_ms, offset_ms + span[-1].end_ms))
        else:
            later = next((start for start in starts[i:] if start is not None), None)
            at = words[-1].end_ms if words else offset_ms + (later or 0)
            words.append(Word(text, at, at))
    return tuple(words)


def _from_subtitle(parts: Sequence[SpokenPart], span: tuple[int, int]) -> list[Utterance]:
    spans = deal_span([max(len(part.text), 1) for part in parts], *span)
    return [
        _utterance(part, start, end, dealt_out(part.words, start, end), "subtitle")
        for part, (start, end) in zip(parts, spans, strict=True)
    ]


def _utterance(part: SpokenPart, start_ms: int, end_ms: int, words: tuple[Word, ...], timing: str) -> Utterance:
    # its subtitle's number until `in_order` gives it its own
    return Utterance(
        index=part.cue,
        speaker=part.speaker,
        text=part.text,
        start_ms=start_ms,
        end_ms=end_ms,
        words=words,
        timing=timing,
        speaker_certain=part.certain,
    )
