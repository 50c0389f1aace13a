"""Where the pipelines lie."""

from __future__ import annotations

from pyovn.logical.tables import EGRESS_LENGTH, INGRESS_LENGTH, Pipeline, Table


def test_the_pipelines_fit_between_their_neighbours() -> None:
    assert Pipeline.INGRESS + INGRESS_LENGTH == Table.OUTPUT_LARGE_PACKET_DETECT
    assert Pipeline.EGRESS + EGRESS_LENGTH == Table.SAVE_INPORT
    assert [pipeline.word for pipeline in Pipeline] == ["ingress", "egress"]
