"""`ovs-vswitchd`: the switch daemon, driven by an Open_vSwitch database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyovn.runtime.program import Process
    from pyovn.vswitch.datapath import Bridge
    from pyovn.vswitch.switch import Switch


def main(argv: Sequence[str] | None = None) -> int:
    """Be ovs-vswitchd until told to stop; the exit status."""
    from pyovn.runtime.options import Option
    from pyovn.runtime.program import Program, run_program

    flags = ("mlockall", "disable-system", "disable-system-route", "hw-rawio-access")
    options = (*(Option(name) for name in flags), Option("enable-dummy", "optional"), Option("dpdk", "optional"))
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
    _offer_commands(process, switch)


def _offer_commands(process: Process, switch: Switch) -> None:
    """The management commands beside those that every daemon has."""
    from pyovn.runtime.unixctl import CommandError
    from pyovn.vswitch import show

    datapath, now = switch.datapath, process.loop.now

    def offer(name: str, usage: str, least: int, most: int, answer: Callable[[list[str]], str]) -> None:
        def run(arguments: list[str]) -> str:
            try:
                return answer(arguments)
            except show.CommandRefused as error:
                raise CommandError(str(error)) from None

        process.commands.register(name, run, usage=usage, least=least, most=most)

    def bridge(arguments: list[str], error: str = "no such bridge") -> Bridge:
        return show.bridge_of(datapath, arguments[0], error)

    offer("exit", "[--cleanup]", 0, 1, process.leave)
    offer("ofproto/trace", "bridge br_flow [--ct-next=STATES]...", 1, 100, lambda words: show.trace(datapath, words))
    offer("ofproto/list", "", 0, 0, lambda words: "".join(f"{name}\n" for name in sorted(datapath.bridges)))
    offer("fdb/show", "bridge", 1, 1, lambda words: show.show_fdb(bridge(words), now()))
    offer("fdb/flush", "[bridge]", 0, 1, lambda words: show.flush_fdb(datapath, words))
    offer("bridge/dump-flows", "bridge", 1, 1, lambda words: show.dump_rules(datapath, bridge(words, "Unknown bridge"), now()))
    offer("bfd/show", "[interface]", 0, 1, lambda words: show.show_bfd(datapath, words, now()))
    offer("bfd/set-forwarding", "[interface] normal|false|true", 1, 2, lambda words: show.set_forwarding(datapath, words, now()))
    offer("dpif/show", "", 0, 0, lambda words: show.show_dpif(datapath))
    offer("dpif/dump-flows", "bridge", 1, 2, lambda words: show.dump_cache(datapath, bridge(words[-1:])))
    offer("dpctl/dump-flows", "[dp]", 0, 2, lambda words: show.dump_cache(datapath))
    offer("dpctl/dump-conntrack", "[dp] [zone=N]", 0, 3, lambda words: show.dump_connections(datapath, show.parse_zone(words)))
    offer("dpctl/flush-conntrack", "[dp] [zone=N]", 0, 3, lambda words: show.flush_connections(datapath, show.parse_zone(words)))


if __name__ == "__main__":
    raise SystemExit(main())
