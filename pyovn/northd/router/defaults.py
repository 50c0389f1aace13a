"""What every router does when nothing was asked of it: drop what it has no port, address or route for."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import ALWAYS, DROP, NEXT, OUTPUT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import DESTINATION_IS_HERE
from pyovn.northd.topology import Router
from pyovn.query import Engine

PASS_BY_DEFAULT = (
    Stage.LR_IN_IP_INPUT, Stage.LR_IN_DHCP_RELAY_REQ, Stage.LR_IN_UNSNAT, Stage.LR_IN_POST_UNSNAT, Stage.LR_IN_DEFRAG,
    Stage.LR_IN_CT_EXTRACT, Stage.LR_IN_LB_AFF_CHECK, Stage.LR_IN_DNAT, Stage.LR_IN_LB_AFF_LEARN, Stage.LR_IN_ECMP_STATEFUL,
    Stage.LR_IN_ND_RA_OPTIONS, Stage.LR_IN_ND_RA_RESPONSE, Stage.LR_IN_DHCP_RELAY_RESP_CHK, Stage.LR_IN_DHCP_RELAY_RESP,
    Stage.LR_IN_CHK_PKT_LEN, Stage.LR_IN_LARGER_PKTS, Stage.LR_IN_GW_REDIRECT, Stage.LR_IN_NETWORK_ID, Stage.LR_IN_ARP_REQUEST,
    Stage.LR_OUT_UNDNAT, Stage.LR_OUT_POST_UNDNAT, Stage.LR_OUT_SNAT, Stage.LR_OUT_POST_SNAT, Stage.LR_OUT_EGR_LOOP,
)  # fmt: skip
"""Stages that let pass what no feature has asked to be treated."""

DROP_BY_DEFAULT = (
    Stage.LR_IN_ADMISSION, Stage.LR_IN_LEARN_NEIGHBOR, Stage.LR_IN_IP_ROUTING, Stage.LR_IN_IP_ROUTING_ECMP, Stage.LR_IN_POLICY_ECMP,
    Stage.LR_IN_ARP_RESOLVE, Stage.LR_OUT_DELIVERY,
)  # fmt: skip
"""Stages that a packet passes only when a flow says so."""


def empty_stages(db: Engine, router: Router) -> Iterator[Flow]:
    """A stage without a feature lets everything pass, or nothing."""
    for stage in PASS_BY_DEFAULT:
        yield Flow(stage, 0, ALWAYS, NEXT)
    for stage in DROP_BY_DEFAULT:
        yield Flow(stage, 0, ALWAYS, DROP)
    yield Flow(Stage.LR_IN_ECMP_STATEFUL_EGR, 0, ALWAYS, OUTPUT)
    yield Flow(Stage.LR_OUT_CHK_DNAT_LOCAL, 0, ALWAYS, f"{DESTINATION_IS_HERE} = 0; {NEXT}")
