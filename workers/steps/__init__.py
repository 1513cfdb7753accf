"""Analysis steps: each loads what it needs, calls an analyser, and stores facts in one transaction."""
