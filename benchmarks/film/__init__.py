"""A film whose truth is known, for the accuracy benchmark: see `make_film`."""

from benchmarks.film.make import FilmFiles, make_film

__all__ = ["FilmFiles", "make_film"]
