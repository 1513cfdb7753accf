"""Text in pictures: one interface, several engines, chosen by language and by what is installed."""

from workers.analysers.ocr.choice import ENGINES, choose_reader, find_engine
from workers.analysers.ocr.reader import Image, RowText, TextBox, TextReader

__all__ = ["ENGINES", "Image", "RowText", "TextBox", "TextReader", "choose_reader", "find_engine"]
