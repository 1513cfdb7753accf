"""A season of a large lab on SQLite: every page's answers, and all samples, timed."""
