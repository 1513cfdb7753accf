"""Analysers: pure functions from media to the dataclasses of `facts`. No Django, nothing of the project."""

import os

# One thread each, before they are loaded; the cores are used by processes. The face nets make thousands of tiny
# operations a second: more threads than one only wait for each other (on two busy cores a 33 s episode took 200
# CPU-seconds with two, 40 with one). OpenCV's took 4.5 CPU-seconds to compare the shots of 5 minutes, one takes 3.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")
