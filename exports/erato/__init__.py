"""The ERATO protocol's rules after labelling: which clips count, what they are called, and their numbers. Pure."""
