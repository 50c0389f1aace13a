"""Variables of load balancers' templates: what `^NAME` is on this chassis (ovn-nb(5), Chassis_Template_Var)."""

from __future__ import annotations

from pyovn.controller.host import chassis_name
from pyovn.logical.templates import expand_templates, template_names
from pyovn.query import Engine, query
from pyovn.schemas import sb


@query
def template_variable(db: Engine, name: str) -> str | None:
    """What a variable is on this chassis."""
    for ref in db.find(sb.ChassisTemplateVar, "chassis", chassis_name(db) or ""):
        row = db.get(sb.ChassisTemplateVar, ref)
        if row is not None and name in row.variables:
            return row.variables[name]
    return None


def expanded(db: Engine, text: str) -> str:
    """A text with the values that its variables have here; one without a value stays."""
    values = {name: template_variable(db, name) for name in template_names(text)}
    return expand_templates(text, {name: value for name, value in values.items() if value is not None}) if values else text
