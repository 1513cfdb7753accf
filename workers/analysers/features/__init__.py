"""Input features of an episode for the published models: sound and text of utterances, faces, surroundings, things."""

from workers.analysers.features.arrays import Extractor, FeatureArrays, write_features
from workers.analysers.features.extract import NAME, VERSION, Options, Seen, extract_features

__all__ = ["NAME", "VERSION", "Extractor", "FeatureArrays", "Options", "Seen", "extract_features", "write_features"]
