"""What the Makefile runs: install, build, serve, check.

Standard library only, since some of it runs before anything is installed.
"""
