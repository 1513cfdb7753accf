"""Fonts that drawn subtitles are written in: matplotlib's DejaVu, and Noto's for Chinese where they are installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib
from PIL import ImageFont

CJK_FOLDER: Final = Path("/usr/share/fonts/opentype/noto")
#: The face of Noto's CJK collections that has mainland China's letters and marks: in the first, Japan's, 门 looks like
#: 内, and 。 and ！ stand elsewhere in their square.
_SIMPLIFIED: Final = 2


def font(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a font by its file's name; of a collection mainland China's face. Raises OSError where it is not
    installed."""
    latin = Path(matplotlib.get_data_path(), "fonts/ttf", name)
    if latin.is_file():
        return ImageFont.truetype(str(latin), size_px)
    return ImageFont.truetype(str(CJK_FOLDER / name), size_px, index=_SIMPLIFIED)
