"""The layout of an ERATO release: writer, and reader of what it was made of (docs/formats.md)."""
