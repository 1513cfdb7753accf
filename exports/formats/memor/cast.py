"""The characters of a release: their numbers, and names that the official file names can carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from exports.formats.memor.layout import NOBODY, OTHERS
from exports.snapshot import CharacterRow, SegmentRow


@dataclass(frozen=True, slots=True)
class Cast:
    """Main characters in order, then `others`. A character's index is its place in `speakers`."""

    characters: tuple[CharacterRow, ...]
    speakers: tuple[str, ...]
    """Lower-case letters, digits and `-`, unique; `others` last."""

    @property
    def others(self) -> int:
        return len(self.characters)

    def index(self, character_id: int) -> int:
        """Return a main character's index, that of `others` for everybody else."""
        for index, character in enumerate(self.characters):
            if character.id == character_id:
                return index
        return self.others

    def speaker_of(self, segment: SegmentRow) -> int:
        """Return who speaks in a segment: unknown voices are `others`, a visual segment has nobody."""
        if segment.kind != "speech":
            return NOBODY
        return self.others if segment.character_id is None else self.index(segment.character_id)


def cast_of(characters: Sequence[CharacterRow]) -> Cast:
    """Return the cast: series in the order they come, in each the main characters by `order`."""
    series = list(dict.fromkeys(character.series for character in characters))
    main = sorted(
        (character for character in characters if character.is_main),
        key=lambda character: (series.index(character.series), character.order, character.id),
    )
    speakers: list[str] = []
    for index, character in enumerate(main):
        plain = _plain(character.name) or f"character{index}"
        name, number = plain, 2
        while name in (*speakers, OTHERS):
            name, number = f"{plain}-{number}", number + 1
        speakers.append(name)
    return Cast(tuple(main), (*speakers, OTHERS))


def _plain(name: str) -> str:
    """Return the name in ASCII without `_`: the loader splits `<frame>_<name>` there and compares in lower case."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")
