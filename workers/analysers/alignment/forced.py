"""Forced alignment of known words to sound, by pocketsphinx with the US English model its package carries."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workers.analysers.alignment.pronunciation import pronounce
from workers.analysers.errors import AnalysisError
from workers.analysers.sound import SAMPLE_RATE_HZ

_FRAME_MS: Final = 10
#: A frame's sound is a window of 410 samples that begins with the frame: what was heard from one frame on begins
#: between the middles of its window and of the one before.
_WINDOW_MS: Final = 410 * 1000 / SAMPLE_RATE_HZ
_BOUNDARY_MS: Final = round((_WINDOW_MS - _FRAME_MS) / 2)
#: Measured on a dialogue and synthetic speech, clean and with noise at 15 dB, each line also against all other lines'
#: texts: right texts have -0.0012 to -0.0033 (one word of 22 had -0.0038), wrong ones of five and more words -0.0030 to
#: -0.0055 (2 % above the limit). Wrong texts of one to three words are as good as right ones.
_LEAST_LOG_SCORE: Final = -0.00335
#: A beam this wide drops no path: noisy and overlapping lines align, but so do wrong words, hence the mark.
_WIDE: Final = 1e-200
_TINY: Final = 1e-300
#: Shorter sound makes pocketsphinx' feature windows run empty.
_SHORTEST_MS: Final = 100

Sound = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class SpokenSpan:
    """Where a word was heard, in ms from the start of the sound."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the words of a text were heard, and how well: see `sounds_like`."""

    spans: tuple[SpokenSpan, ...]
    log_score: float
    """Mean over the words' frames of the logarithm of how likely the sound is in the word's phone, against the
    likeliest phone of all: 0 is perfect."""

    @property
    def sounds_like(self) -> bool:
        """Whether the sound is that of the text. A way through the sound is found for wrong words too."""
        return self.log_score >= _LEAST_LOG_SCORE


class ForcedAligner:
    """Aligns English words. Holds the model (about 0.5 s to load); the wide search is loaded when first needed."""

    def __init__(self) -> None:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise AnalysisError(
                "aligner_missing",
                "Forced alignment needs the Python package pocketsphinx (requirements/worker.txt). Without it, run the "
                "alignment with the option forced=false: utterances then keep their subtitles' times.",
            )
        self._decoders: dict[bool, Any] = {}

    def knows(self, word: str) -> bool:
        """Say whether the dictionary has a (lower-case) word."""
        return self._decoder(wide=False).lookup_word(word) is not None

    def align(self, sound: Sound, words: Sequence[str], *, wide: bool) -> Heard | None:
        """Return where each of `words` is spoken in `sound` (16 kHz mono), in order; None where no way is found.

        `words` are lower-case; what the dictionary lacks is pronounced by rule.
        """
        if not words or sound.size < _SHORTEST_MS * SAMPLE_RATE_HZ // 1000:
            return None
        decoder = self._decoder(wide=wide)
        names = [self._known_name(decoder, word) for word in words]
        try:
            decoder.set_align_text(" ".join(names))
            decoder.start_utt()
            decoder.process_raw(np.ascontiguousarray(sound).tobytes(), full_utt=True)
            decoder.end_utt()
        except RuntimeError:
            return None
        if decoder.hyp() is None:
            return None
        words_heard = [segment for segment in decoder.seg() if not segment.word.startswith(("<", "[", "+"))]
        if len(words_heard) != len(words):
            return None
        frames = sum(segment.end_frame - segment.start_frame + 1 for segment in words_heard)
        return Heard(
            tuple(SpokenSpan(_begin_ms(s.start_frame), _begin_ms(s.end_frame + 1)) for s in words_heard),
            sum(math.log(max(segment.ascore, _TINY)) for segment in words_heard) / frames,
        )

    def _known_name(self, decoder: Any, word: str) -> str:
        """Return the dictionary's name for a word, adding one by rule where it has none."""
        if decoder.lookup_word(word) is None:
            decoder.add_word(word, pronounce(word, decoder.lookup_word), True)
        return word

    def _decoder(self, *, wide: bool) -> Any:
        if wide not in self._decoders:
            import pocketsphinx

            beams = {"beam": _WIDE, "wbeam": _WIDE, "pbeam": _WIDE} if wide else {}
            # bestpath=False: the second pass over the word lattice may end in a shorter path, without the last words.
            # cmn=batch: each window is normalised by itself, so that its result does not depend on the ones before.
            self._decoders[wide] = pocketsphinx.Decoder(
                lm=None, samprate=float(SAMPLE_RATE_HZ), loglevel="FATAL", bestpath=False, cmn="batch", **beams
            )
        return self._decoders[wide]


def _begin_ms(frame: int) -> int:
    return frame * _FRAME_MS + _BOUNDARY_MS
