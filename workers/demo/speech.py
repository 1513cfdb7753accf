"""Offline synthetic speech: espeak-ng through ctypes, its library and data from the package `espeakng-loader`.

The C API is that of espeak-ng's `speak_lib.h`. espeak-ng keeps hidden state from call to call, so `speak` runs it in a
fresh process: the same texts then give the same samples, whatever this process said before.
"""

from __future__ import annotations

import ctypes
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_SYNCHRONOUS_RETRIEVAL: Final = 2
_POSITION_CHARACTER: Final = 1
_CHARS_UTF8: Final = 1
_EVENT_LIST_TERMINATED: Final = 0
_EVENT_WORD: Final = 1
_PARAMETERS: Final = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}
#: Quieter than this share of the peak counts as silence when the ends are trimmed.
_SILENCE: Final = 0.02


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Voice:
    """An espeak-ng voice and its prosody: words per minute, pitch and pitch range (0 to 100)."""

    name: str
    rate: int
    pitch: int
    range: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Trimmed speech: int16 mono samples, and the sample at which each word of the text starts (`text.split()` order).

    A start is None where espeak-ng spoke the word in one breath with its neighbour.
    """

    samples: npt.NDArray[np.int16]
    sample_rate_hz: int
    word_starts: tuple[int | None, ...]


def speak(lines: Sequence[tuple[str, Voice]]) -> list[Speech]:
    """Return every text spoken by its voice. Raises RuntimeError where espeak-ng is missing or refuses a voice."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_speak_here, list(lines)).result()


def _speak_here(lines: Sequence[tuple[str, Voice]]) -> list[Speech]:
    synthesizer = _Synthesizer()
    return [synthesizer.say(text, voice) for text, voice in lines]


class _Synthesizer:
    def __init__(self) -> None:
        try:
            import espeakng_loader
        except ImportError as error:
            raise RuntimeError("The demo's voices need espeak-ng: install the package `espeakng-loader`.") from error
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self.sample_rate_hz = int(library.espeak_Initialize(_SYNCHRONOUS_RETRIEVAL, 0, data, 0))
        if self.sample_rate_hz <= 0:
            raise RuntimeError(f"espeak-ng could not read its data in {data.decode()}.")
        self._library = library
        self._chunks: list[npt.NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []
        self._callback = _Callback(self._receive)  # a reference must live as long as the library may call it
        library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: Voice) -> Speech:
        """Return `text` spoken by `voice`, without the silence around it."""
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise RuntimeError(f"espeak-ng has no voice named {voice.name!r}.")
        for parameter in ("rate", "pitch", "range"):
            self._library.espeak_SetParameter(_PARAMETERS[parameter], getattr(voice, parameter), 0)
        # espeak-ng varies its voices by a generator seeded with the clock: without this no two runs are the same
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        self._chunks, self._words = [], []
        encoded = text.encode()
        status = self._library.espeak_Synth(
            encoded, ctypes.c_size_t(len(encoded) + 1), 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None
        )
        if status != 0 or self._library.espeak_Synchronize() != 0 or not self._chunks:
            raise RuntimeError(f"espeak-ng could not speak {text!r}.")
        samples = np.concatenate(self._chunks)
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _SILENCE * np.abs(samples.astype(np.int32)).max())
        first, last = int(loud[0]), int(loud[-1]) + 1
        return Speech(samples[first:last], self.sample_rate_hz, self._word_starts(text, first))

    def _word_starts(self, text: str, first_sample: int) -> tuple[int | None, ...]:
        """Match espeak's word events to the words of the text by character position."""
        starts: list[int | None] = []
        position = 0
        for word in text.split():
            position = text.index(word, position)
            inside = [sample for at, sample in self._words if position <= at < position + len(word)]
            starts.append(max(inside[0] - first_sample, 0) if inside else None)
            position += len(word)
        return tuple(starts)

    def _receive(self, wav: Any, count: int, events: Any) -> int:
        if wav and count > 0:
            self._chunks.append(np.ctypeslib.as_array(wav, shape=(count,)).astype(np.int16, copy=True))
        i = 0
        while events[i].type != _EVENT_LIST_TERMINATED:
            if events[i].type == _EVENT_WORD:
                self._words.append((events[i].text_position - 1, events[i].sample))
            i += 1
        return 0
