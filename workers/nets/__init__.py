"""Neural networks that run without their home frameworks: see `runtime.load_net`."""

from workers.nets.runtime import Floats, Net, has_cuda, load_net

__all__ = ["Floats", "Net", "has_cuda", "load_net"]
