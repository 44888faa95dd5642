"""What encoder stages learned, in a table and in the sentences beside claims."""

from typing import Any

import pandas as pd

from dasr.reporting.encoder_texts import complaints
from dasr.reporting.provenance import provenance_line
from dasr.reporting.specs import WHOLE_STUDY
from dasr.reporting.tabulating.writing import html_page, markdown
from dasr.statistics.encoder_stages import KEY
from dasr.study import Plan
from tests.unit.reporting.items import TABLE_SPECS, TITLES, item_of, study, table
from tests.unit.reporting.test_claims import ROWS

NAN = float("nan")
VALIDATION = {"validation_sets": [{"name": "held", "source": "naturals"}]}
GOOD: dict[str, Any] = {
    "stage": "a", "methods": "dasr, no_ca", "regimes": "noise", "scale": 4, "seed": 1,
    "steps": 3600, "contrastive": 2.754, "lowest_contrastive": 2.6, "contrastive_chance": 4.16,
    "contrastive_in_batch": NAN, "rank_kernel_width": 0.931,
    "untrained_rank_kernel_width": 0.28, "rank_noise_level": NAN,
    "untrained_rank_noise_level": NAN, "verdict": "learned",
}  # fmt: skip
BAD = {
    **GOOD, "stage": "b", "seed": 2, "rank_kernel_width": 0.1, "rank_noise_level": 0.3,
    "untrained_rank_noise_level": 0.35,
    "verdict": "no better than untrained: kernel width, noise level",
}  # fmt: skip
SENTENCE = (
    "The encoder stage of seed 2 ends knowing no more of kernel width and noise level than an "
    "untrained encoder (rank correlations 0.10 and 0.30, untrained 0.28 and 0.35): "
    "verdicts about contrastive learning are about a stage that taught nothing of it "
    "(docs/troubleshooting.md)."
)


def plan(**config: Any) -> Plan:
    return Plan(study(TITLES, **VALIDATION, **config))


def test_a_row_a_stage_and_a_sentence_for_those_that_learned_nothing() -> None:
    rows = pd.DataFrame([GOOD, BAD])
    found = table("encoder_stages", TITLES, WHOLE_STUDY, plan=plan(), encoder_stages=rows)
    users, loss = "DASR, Without CA", ["3,600", "2.75 (2.60)", "4.16"]
    assert [[cell.text for cell in row] for row in found.rows] == [
        [users, "noise", "x4", "1", *loss, "0.93 (0.28)", "–", "learned"],
        [users, "noise", "x4", "2", *loss, "0.10 (0.28)", "0.30 (0.35)", BAD["verdict"]],
    ]
    assert found.header[-3:] == ["Kernel width", "Noise level", "Verdict"]
    assert "validation images (held)" in found.note
    assert found.sentences == [SENTENCE]
    assert "untrained 0.28" in html_page(found)


def test_the_sentence_stands_beside_the_claims() -> None:
    frames = {"claims": ROWS, "encoder_stages": pd.DataFrame([GOOD, BAD])}
    found = table("claims", TITLES, WHOLE_STUDY, **frames)
    assert len(found.sentences) == len(ROWS) + 1
    assert found.sentences[-1] == SENTENCE
    assert "ends knowing no more of kernel width" in markdown(found)
    learned = table(
        "claims", TITLES, WHOLE_STUDY, **{**frames, "encoder_stages": rows_of(GOOD)}
    )
    assert len(learned.sentences) == len(ROWS)


def rows_of(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def test_stages_are_told_apart_where_there_are_several() -> None:
    item = item_of(TABLE_SPECS["encoder_stages"], cell=WHOLE_STUDY)
    own = {**BAD, "stage": "c", "methods": "oracle"}
    first, second = complaints(rows_of(BAD, own), item)
    assert first.startswith("The encoder stage of seed 2 (DASR, Without CA) ends")
    assert second.startswith("The encoder stage of seed 2 (Oracle) ends")
    more = {"scales": [2, 4]} | {
        "regimes": [
            {
                "name": name,
                "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}},
                "test": {"kernel_widths": {2: [1.0], 4: [1.0]}},
            }
            for name in ("noise", "clean")
        ]
    }
    item = item_of(TABLE_SPECS["encoder_stages"], cell=WHOLE_STUDY, plan=plan(**more))
    (text,) = complaints(rows_of(BAD), item)
    assert text.startswith("The encoder stage of seed 2, x4, regime noise ends")


def test_studies_without_stages_or_without_validation_images_have_no_sentence() -> None:
    item = item_of(TABLE_SPECS["encoder_stages"], cell=WHOLE_STUDY)
    assert complaints(pd.DataFrame(columns=[*KEY, "verdict"]), item) == []
    bare = {name: GOOD[name] for name in GOOD if "rank" not in name}
    assert complaints(rows_of({**bare, "verdict": "not diagnosed"}), item) == []


def test_the_line_under_it_names_validation_images() -> None:
    item = item_of(TABLE_SPECS["encoder_stages"], cell=WHOLE_STUDY, plan=plan())
    digests = {
        "images": {"train": {"train": 9}, "validation": {"held": 8}, "test": {"Set2": 2}},
        "train": {"train": "a" * 12}, "validation": {"held": "c" * 12},
        "test": {"Set2": "b" * 12},
    }  # fmt: skip
    line = provenance_line(item, lambda path: {"commit": "0123456789ab", **digests})
    assert line.startswith("Study demo: validated on held (8 images, cccccccc); seeds 1, 2, 3")
    assert line.endswith("rows: encoder_stages.csv")
