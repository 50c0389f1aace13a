"""`python -m pyovn.schemas DIR` writes the schema files that `ovsdb-tool create` takes, named as the reference names them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import ic_nb, ic_sb, nb, sb, vswitch, vtep

FILES = {"ovn-nb": nb, "ovn-sb": sb, "vswitch": vswitch, "vtep": vtep, "ovn-ic-nb": ic_nb, "ovn-ic-sb": ic_sb}


def write(directory: Path) -> None:
    """Write `NAME.ovsschema` for each schema into `directory`, which is made if missing."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, module in FILES.items():
        (directory / f"{name}.ovsschema").write_text(json.dumps(schema_of(module).to_json(), indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m pyovn.schemas DIR")
    write(Path(sys.argv[1]))
