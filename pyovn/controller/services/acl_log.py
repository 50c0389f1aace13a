"""What ACLs want written down: one line a packet in the agent's log, as scripts read it (ovn-sb(5), `log`)."""

from __future__ import annotations

import json
import logging

from pyovn.controller.services.request import Request
from pyovn.logical.actions.services import SEVERITY_CODES, VERDICTS
from pyovn.logical.tables import Table
from pyovn.openflow.match_text import format_flow
from pyovn.packet.flow import parse_flow

log = logging.getLogger("acl_log(ovn_pinctrl0)")

_SEVERITIES = {code: name for name, code in SEVERITY_CODES.items()}


def line(request: Request) -> str | None:
    """The line for a packet; None for a request without verdict and severity."""
    payload = request.payload
    if len(payload) < 2:
        return None
    verdict = VERDICTS[payload[0]] if payload[0] < len(VERDICTS) else "<unknown>"
    severity = _SEVERITIES.get(payload[1], "<unknown>")
    direction = "from-lport" if request.packet.table < Table.EGRESS else "to-lport"
    name = json.dumps(payload[2:].decode(errors="replace") or "<unnamed>")
    return f"name={name}, verdict={verdict}, severity={severity}, direction={direction}: {format_flow(parse_flow(request.frame))}"


def write(request: Request) -> bool:
    """Write the line."""
    text = line(request)
    if text is not None:
        log.info("%s", text)
    return text is not None
