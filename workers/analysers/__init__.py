"""Analysers: pure functions from media to the dataclasses of `facts`. No Django, nothing of the project."""

import os

# The face nets make thousands of tiny operations a second: more threads than one only wait for each other (on two busy
# cores a 33 s episode took 200 CPU-seconds with two, 40 with one). It counts only before torch is loaded, hence here.
os.environ.setdefault("OMP_NUM_THREADS", "1")
