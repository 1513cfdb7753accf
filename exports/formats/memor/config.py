"""`config.json` beside `data/`: the official training config with this release's true sizes, and what made it.

The official keys are those of the published `train.json`, so that the official code can be started with this file; what
it does not know stands under `affectory`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from exports.emotions import PRIMARY_CLASSES, fine_grained_classes
from exports.formats.features import Extractor
from exports.formats.memor.cast import Cast
from exports.formats.memor.layout import FACES_NEEDED, FRAME_RATE, VISUAL_ORDER

NAME: Final = "config.json"
FORMAT: Final = "affectory-memor"
VERSION: Final = 1


def memor_config(
    *,
    project: str,
    cast: Cast,
    kept: tuple[str, ...],
    extractors: Mapping[str, Extractor],
    personality_dim: int,
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the document; `more` is added to the `affectory` part (split, normalisation, lexicon, counts)."""
    visual = "data/features/visual_features"
    return {
        "name": project,
        "message": "MEmoR release by Affectory",
        "anno_file": "data/anno.json",
        "data_file": "data/data.json",
        "id_file": "data/train_id.txt",
        "emo_type": "primary",
        "speakers": list(cast.speakers),
        "audio": {"feature_file": "data/features/audio_features.json", "feature_dim": extractors["audio"].dim},
        "text": {"feature_file": "data/features/text_features.json", "feature_dim": extractors["text"].dim},
        "visual": {
            "faces_feature_dir": f"{visual}/face_features",
            "faces_names_dir": f"{visual}/face_names",
            "obj_feature_dir": f"{visual}/object_features",
            "env_feature_dir": f"{visual}/environment_features",
            "dim_env": extractors["environment"].dim,
            "dim_obj": extractors["objects"].dim,
            "dim_face": extractors["face"].dim,
        },
        "personality": {
            "used": True,
            "anno_file": "data/features/character_features.csv",
            "feature_dim": personality_dim,
        },
        **_TRAINING,
        "affectory": {
            "format": FORMAT,
            "version": VERSION,
            "frame_rate": FRAME_RATE,
            "faces_needed": FACES_NEEDED,
            "visual_order": list(VISUAL_ORDER),
            "text_key": "position",
            "emotions": {"primary": list(PRIMARY_CLASSES), "fine_grained": list(fine_grained_classes(kept))},
            "characters": [
                {"index": index, "speaker": cast.speakers[index], "name": character.name, "series": character.series}
                for index, character in enumerate(cast.characters)
            ],
            "extractors": {
                part: {"name": made.name, "version": made.version, "dim": made.dim, "licence": made.licence}
                for part, made in extractors.items()
            },
            **more,
        },
    }


def config_json(document: Mapping[str, Any]) -> str:
    """Return the text of the file."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


#: How the official code trains (its train.json): copied so that the file is complete for it.
_TRAINING: Final[dict[str, Any]] = {
    "n_gpu": 1,
    "data_loader": {
        "type": "MEmoRDataLoader",
        "args": {"batch_size": 8, "shuffle": True, "validation_split": 0.2, "num_workers": 2, "seed": 2020},
    },
    "model": {"type": "AMER", "args": {"D_e": 128}},
    "optimizer": {"type": "Adam", "args": {"lr": 5e-5, "weight_decay": 0, "amsgrad": True}},
    "loss": "nll_loss",
    "metrics": ["accuracy", "macro_f1", "weighted_f1"],
    "lr_scheduler": {"type": "StepLR", "args": {"step_size": 50, "gamma": 0.9}},
    "trainer": {
        "type": "MEmoRTrainer",
        "epochs": 1000,
        "save_dir": "saved/",
        "save_period": 50,
        "verbosity": 2,
        "monitor": "max val_accuracy",
        "early_stop": 50,
        "tensorboard": True,
    },
}
