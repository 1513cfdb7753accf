"""ComParE 2016 functionals (Schuller et al., 2016), 6,373 numbers, by audEERING's openSMILE library.

The package's own class gives the same numbers for half as much again. Here its graph ends in a file, not in the sink
that calls back, which looks up the names of all 6,373 numbers anew for every utterance; and neither pandas nor the
package's other tools are imported.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workers.analysers.features.arrays import Extractor, Floats
from workers.analysers.sound import SAMPLE_RATE_HZ

_DIM: Final = 6373
#: HTK's header: the number of vectors (big-endian, as all of the file), period, bytes a vector, kind.
_HEADER_BYTES: Final = 12
_SINK: Final = """
[componentInstances:cComponentManager]
instance[file].type = cHtkSink

[file:cHtkSink]
reader.dmLevel = func
filename = \\cm[out{?}:file that is written]
"""


def is_installed() -> bool:
    return importlib.util.find_spec("opensmile") is not None


class OpenSmile:
    """The library lets go of Python's lock, and utterances share nothing: several threads may extract at once."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("opensmile")
        assert spec is not None
        assert spec.origin is not None
        core = Path(spec.origin).parent / "core"
        self._library = _library(core / "lib.py")
        self._config = str(core / "config" / "compare" / "ComParE_2016.conf")
        shared = core / "config" / "shared"
        self._folder = tempfile.TemporaryDirectory(prefix="affectory-smile-")
        sink = Path(self._folder.name, "sink.conf")
        sink.write_text(_SINK, encoding="ascii")
        self._options = {
            "source": shared / "standard_external_wave_input.conf.inc",
            "sampleRate": SAMPLE_RATE_HZ,
            "nBits": 16,
            "bufferModeRbConf": shared / "BufferModeRb.conf.inc",
            "frameModeFunctionalsConf": shared / "FrameModeFunctionals.conf.inc",
            "sink": sink,
        }
        self.made_by = Extractor(
            name="opensmile-ComParE_2016-functionals",
            version=importlib.metadata.version("opensmile"),
            dim=_DIM,
            licence="openSMILE is free for research and personal use only (audEERING)",
        )

    def extract(self, sound: npt.NDArray[np.int16]) -> Floats:
        """Return (6373,) of one utterance of 16 kHz mono; a functional without a value is 0."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            out = Path(folder, "functionals.htk")
            smile = self._library.OpenSMILE()
            try:
                smile.initialize(self._config, {**self._options, "out": out}, loglevel=0)
                smile.external_audio_source_write_data("extsource", sound.astype("<i2").tobytes())
                smile.external_audio_source_set_eoi("extsource")
                smile.run()
            finally:
                smile.free()  # which writes what is left, and closes the file
            written = out.read_bytes()[_HEADER_BYTES:] if out.exists() else b""
        if not written:  # too short for any functional
            return np.zeros(_DIM, dtype=np.float32)
        vector = np.frombuffer(written, dtype=">f4").astype(np.float32)[:_DIM]
        return np.nan_to_num(vector, posinf=0.0, neginf=0.0)


def _library(path: Path) -> Any:
    """Load the package's binding by itself: the package imports pandas and more, 0.3 s that nothing here needs."""
    spec = importlib.util.spec_from_file_location("_opensmile_binding", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
