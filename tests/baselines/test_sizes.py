"""The numbers of weights at the papers' sizes: the official code's, or those of the specification."""

from __future__ import annotations

import pytest
import torch

from baselines.data.corpus import Shape
from baselines.models.base import learned
from baselines.registry import build, configure

MEMOR = Shape({"visual": 4302, "audio": 6373, "text": 1024}, 9, 118, 8, 3278)
FINE = Shape(MEMOR.sizes, 14, 118, 8, 3278)
IEMOCAP_TEXT = Shape({"text": 100}, 6, speakers=2)
IEMOCAP = Shape({"audio": 1582, "visual": 342, "text": 100}, 6, speakers=2)
MELD = Shape({"audio": 300, "visual": 342, "text": 600}, 7, speakers=9)
MMIN = Shape({"visual": 342, "audio": 130, "text": 1024}, 4)
MOSEI = Shape({"visual": 35, "audio": 74, "text": 300}, 6)
STREAMS = Shape(dict.fromkeys(("person_a", "person_b", "background", "audio", "text"), 256), 5)
#: SMTA's published sizes leave out the layers that bring the streams to one width.
PROJECTIONS = 5 * (256 * 256 + 256)
NO_PERSONALITY = ("personality",)


@pytest.mark.parametrize(
    ("name", "shape", "kind", "without", "settings", "count"),
    [
        ("amer", MEMOR, "cells", (), {}, 11_581_833),
        ("amer", FINE, "cells", (), {}, 11_583_118),
        ("amer", MEMOR, "cells", NO_PERSONALITY, {}, 10_865_289),
        ("amer", MEMOR, "cells", ("intra",), {}, 11_581_833),
        ("amer", FINE, "cells", ("inter",), {}, 11_583_118),
        ("mdl", MEMOR, "cells", NO_PERSONALITY, {}, 10_865_289),
        ("mdl", FINE, "cells", NO_PERSONALITY, {}, 10_866_574),
        ("mdl", MEMOR, "cells", (), {}, 11_188_617),
        ("mdl", FINE, "cells", (), {}, 11_189_902),
        ("mdae", MEMOR, "cells", (), {}, 22_063_292),
        ("mdae", FINE, "cells", (), {}, 22_064_577),
        ("bilstm_tfn", MEMOR, "cells", (), {}, 16_458_089),
        ("bilstm_tfn", FINE, "cells", (), {}, 16_459_374),
        ("bilstm_lmf", MEMOR, "cells", (), {}, 12_211_725),
        ("bilstm_lmf", FINE, "cells", (), {}, 12_213_010),
        # without the 161,400 that the official network holds and never uses
        ("dialogue_gcn", IEMOCAP_TEXT, "dialogue", (), {"compat": "true"}, 1_348_046 - 161_400),
        # the live part of the official network, whose total is larger
        ("mmgcn", IEMOCAP, "dialogue", (), {}, 994_506),
        ("mmgcn", IEMOCAP, "dialogue", (), {"layers": "64"}, 2_194_506),
        ("mmgcn", MELD, "dialogue", (), {}, 840_407),
        ("mmgcn", MELD, "dialogue", (), {"layers": "64"}, 2_040_407),
        ("bc_lstm", Shape({"text": 600}, 7), "dialogue", (), {}, 824_007),
        ("bc_lstm", Shape({"text": 600}, 7), "dialogue", (), {"attention": "true"}, 864_207),
        ("mmin", MMIN, "sequence", (), {}, 5_444_228),
        ("mmin", MMIN, "sequence", ("cascade",), {}, 4_846_348),
        ("mmin_full", MMIN, "sequence", (), {}, 2_063_620),
        # Keras counts BatchNorm's running numbers, and one bias per gate where PyTorch has two
        ("early_blstm", MOSEI, "sequence", (), {"layers": "1"}, 257_830 - 2 * 409 + 512),
        ("early_blstm", MOSEI, "sequence", (), {}, 356_646 - 2 * 409 + 1024),
        ("early_blstm", MOSEI, "sequence", (), {"layers": "3"}, 455_462 - 2 * 409 + 1536),
        ("early_lstm", MOSEI, "sequence", (), {"layers": "1"}, 130_086 - 2 * 409 + 256),
        ("early_lstm", MOSEI, "sequence", (), {}, 163_110 - 2 * 409 + 512),
        ("smta_dot", STREAMS, "sequence", (), {}, 4_476_446 + PROJECTIONS),
        ("smta_dot", STREAMS, "sequence", (), {"share_temporal": "true"}, 1_322_526 + PROJECTIONS),
        ("smta_non_local", STREAMS, "sequence", (), {}, 4_608_158 + PROJECTIONS),
        ("smta_multi_head", STREAMS, "sequence", (), {}, 4_739_614 + PROJECTIONS),
        ("smta_transformer", STREAMS, "sequence", (), {}, 5_266_206 + PROJECTIONS),
        ("smta_transformer", STREAMS, "sequence", (), {"share_temporal": "true"}, 2_112_286 + PROJECTIONS),
    ],
)
def test_the_papers_sizes_have_the_papers_number_of_weights(
    name: str, shape: Shape, kind: str, without: tuple[str, ...], settings: dict[str, str], count: int
) -> None:
    with torch.device("meta"):
        model = build(name, configure(name, kind, shape, without, settings))
    model.begin(model.stages - 1)
    assert learned(model) == count
