"""Utterances: who says what, when. Subtitles give times, transcripts speakers, the sound both more exactly."""

from workers.analysers.alignment.aligner import NAME, VERSION, Options, align

__all__ = ["NAME", "VERSION", "Options", "align"]
