"""`ovs-vswitchd`: the switch daemon, driven by an Open_vSwitch database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyovn.runtime.program import Process


def main(argv: Sequence[str] | None = None) -> int:
    """Be ovs-vswitchd until told to stop; the exit status."""
    from pyovn.runtime.options import Option
    from pyovn.runtime.program import Program, run_program

    options = tuple(
        Option(name, argument)  # type: ignore[arg-type]
        for name, argument in (
            ("mlockall", "no"), ("enable-dummy", "optional"), ("disable-system", "no"), ("disable-system-route", "no"), ("dpdk", "optional"),
            ("hw-rawio-access", "no"),
        )
    )  # fmt: skip
    program = Program("ovs-vswitchd", "Open vSwitch daemon", _set_up, options, "[DATABASE]", 1)
    return run_program(program, argv)


def _set_up(process: Process) -> None:
    """Connect to the database and give the switch its place in the world."""
    from pyovn.ovsdb.replica import Replica
    from pyovn.runtime.datapath import SwitchTask
    from pyovn.schemas import vswitch
    from pyovn.vswitch.switch import Switch

    remote = process.options.operands[0] if process.options.operands else f"unix:{process.paths.rundir}/db.sock"
    replica = Replica(vswitch, [remote])
    process.link(replica)
    switch = Switch(replica)
    process.loop.add(SwitchTask(process, switch))


if __name__ == "__main__":
    raise SystemExit(main())
