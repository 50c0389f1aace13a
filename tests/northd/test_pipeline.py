"""The pipelines as the southbound numbers them."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage


@pytest.mark.parametrize(
    ("stage", "name", "pipeline", "number"),
    [
        (Stage.LS_IN_CHECK_PORT_SEC, "ls_in_check_port_sec", "ingress", 0),
        (Stage.LS_IN_L2_UNKNOWN, "ls_in_l2_unknown", "ingress", 33),
        (Stage.LS_OUT_LOOKUP_FDB, "ls_out_lookup_fdb", "egress", 0),
        (Stage.LS_OUT_APPLY_PORT_SEC, "ls_out_apply_port_sec", "egress", 15),
        (Stage.LR_IN_ADMISSION, "lr_in_admission", "ingress", 0),
        (Stage.LR_IN_ECMP_STATEFUL_EGR, "lr_in_ecmp_stateful_egr", "ingress", 28),
        (Stage.LR_OUT_DELIVERY, "lr_out_delivery", "egress", 6),
    ],
)
def test_a_stage_is_its_position(stage: Stage, name: str, pipeline: str, number: int) -> None:
    assert (stage.stage_name, stage.pipeline, stage.number) == (name, pipeline, number)


def test_each_stage_has_its_sentence() -> None:
    assert all(stage.value.endswith((".", "?")) for stage in Stage)
