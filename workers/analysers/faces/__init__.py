"""Faces: found by MTCNN, followed through shots, grouped to people by their embeddings."""

from workers.analysers.faces.find import find_faces
from workers.analysers.faces.options import NAME, VERSION, Options
from workers.analysers.faces.tap import FaceTap

__all__ = ["NAME", "VERSION", "FaceTap", "Options", "find_faces"]
