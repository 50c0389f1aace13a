"""`^NAME` in matches and actions: what a variable is on this chassis (ovn-nb(5), Chassis_Template_Var)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TEMPLATE = re.compile(r'"[^"]*"|\^([A-Za-z_][\w.]*)')


def expand_templates(text: str, variables: Mapping[str, str]) -> str:
    """The text with each variable's value in its place, outside of strings. One that has no value here stays, and does not parse."""
    if "^" not in text:
        return text
    return _TEMPLATE.sub(lambda found: variables.get(found[1], found[0]) if found[1] else found[0], text)


def template_names(text: str) -> frozenset[str]:
    """The variables that the text speaks of."""
    return frozenset(name for name in _TEMPLATE.findall(text) if name) if "^" in text else frozenset()
