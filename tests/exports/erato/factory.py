"""Clips with plain defaults: a test states only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from exports.erato.clips import Answer, EratoClip, Line, Pair, Person

MONDAY = date(2026, 3, 2)


def person(identity: int, *spans: tuple[int, int], name: str = "") -> Person:
    return Person(identity, name, spans, (f"faces/{identity}.jpg",))


def answer(annotator: str, relationship: str, pair: Pair = (1, 2), day: date = MONDAY) -> Answer:
    return Answer(annotator, pair, relationship, day)


def clip(name: str = "clip", **values: Any) -> EratoClip:
    """A clip of 20 s, from 100 s on: two people in turn, one line, one answer `mild`."""
    plain = EratoClip(
        name=name,
        series="Series",
        episode="Pilot",
        start_ms=100_000,
        end_ms=120_000,
        shots=4,
        people=(person(1, (100_000, 110_000)), person(2, (110_000, 115_000))),
        lines=(Line(101_000, 103_000, "Well?"),),
        answers=(answer("anna", "mild"),),
    )
    return replace(plain, **values)
