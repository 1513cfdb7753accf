"""Personality questionnaires: statements and pairs, how they are scored, and how far those who answer agree."""
