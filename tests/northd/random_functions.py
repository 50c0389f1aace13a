"""Random networks of packets that pass network functions, for both compilers: functions, their groups, who sends to them, who works."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.northd.random_network import Draft, add_port, add_switch

FUNCTIONS = ("nf0", "nf1", "nf2")


def _found(table: str, column: str, name: str) -> str:
    return f"$(ovn-nbctl --bare --columns=_uuid find {table} {column}={name})"


def some_function(draft: Draft) -> str:
    """One of three, whether it is there or not."""
    return draft.random.choice(FUNCTIONS)


def some_group(draft: Draft) -> str:
    """One of two."""
    return f"nfg{draft.random.randrange(2)}"


def function(draft: Draft) -> Iterator[str]:
    """A function between two ports, or no more."""
    name = some_function(draft)
    if draft.random.random() < 0.2:
        yield f"ovn-nbctl nf-del {name}"
    else:
        yield from add_function(draft, name)


def add_function(draft: Draft, name: str) -> Iterator[str]:
    """A function between two ports, most often of one switch."""
    switch = draft.random.choice(draft.switches)
    ports = [port for holder, port in draft.ports if holder == switch or draft.random.random() < 0.1]
    # Of two that leave by the same port, or of a function that is entered by another, the reference probes what was there first.
    own = [port for port in ports if int(port[1:]) % len(FUNCTIONS) == FUNCTIONS.index(name)] if ports else []
    if own and len(ports) > 1:
        outport = draft.random.choice(own)
        inport = draft.random.choice([port for port in ports if port != outport])
        yield f"ovn-nbctl nf-add {name} {101 + int(name[2:])} {inport} {outport}"


def group(draft: Draft) -> Iterator[str]:
    """A group, a member of it more or less, or what becomes of packets if none works."""
    name, member = some_group(draft), some_function(draft)
    yield draft.random.choice([
        f"ovn-nbctl --may-exist nfg-add {name} {201 + int(name[3:])} inline {member}",
        f"ovn-nbctl --may-exist nfg-add-nf {name} {member}",
        f"ovn-nbctl --if-exists nfg-del-nf {name} {member}",
        f"ovn-nbctl set network_function_group {_found('network_function_group', 'name', name)} "
        f"fallback={draft.random.choice(['fail-open', 'fail-close'])}",
    ])  # fmt: skip


def acl(draft: Draft) -> Iterator[str]:
    """An ACL of a switch or of a group of ports, mostly one that sends to functions."""
    number, direction = next(draft.numbers), draft.random.choice(["from-lport", "to-lport"])
    holder = draft.random.choice([draft.random.choice(draft.switches), "pg"])
    action = draft.random.choice(["allow-related", "allow-related", "allow", "drop", "allow-stateless"])
    option = draft.random.choice(["", "--label=7 ", "--apply-after-lb "] if direction == "from-lport" else ["", "--label=7 "])
    to = draft.random.choice([some_group(draft), some_group(draft), ""])
    yield f"ovn-nbctl {option}acl-add {holder} {direction} {1000 + number} 'ip4.src == 10.0.0.{number}' {action} {to}"


def ports_of_group(draft: Draft) -> Iterator[str]:
    """Other ports in the group."""
    ports = [port for _, port in draft.ports]
    yield f"ovn-nbctl pg-set-ports pg {' '.join(draft.random.sample(ports, min(len(ports), 3)))}"


def child(draft: Draft) -> Iterator[str]:
    """A port that stands for another on another switch."""
    if draft.ports:
        holder, parent = draft.random.choice(draft.ports)
        others = [switch for switch in draft.switches if switch != holder]
        if others:
            # Of several that stand for the same port the reference takes any.
            switch = draft.random.choice(others)
            yield f"ovn-nbctl lsp-add {switch} {parent}-on-{switch} {parent} {next(draft.numbers)}"


def check(draft: Draft) -> Iterator[str]:
    """A function is probed from now on, or no more."""
    row = _found("network_function", "name", some_function(draft))
    if draft.random.random() < 0.3:
        yield f"ovn-nbctl clear network_function {row} health_check"
    else:
        columns = f"name=hc{next(draft.numbers)} options:interval=5"
        yield f"ovn-nbctl --id=@h create network_function_health_check {columns} -- set network_function {row} health_check=@h"


def status(draft: Draft) -> Iterator[str]:
    """A chassis has found something, or a port is up."""
    if draft.ports:
        _, port = draft.random.choice(draft.ports)
        found = draft.random.choice(["online", "online", "offline", "error"])
        yield f"ovn-sbctl set service_monitor {port} status={found}"
        yield f"ovn-sbctl set port_binding {port} up={draft.random.choice(['true', 'true', 'false'])}"


def addresses(draft: Draft) -> Iterator[str]:
    """Between which addresses functions are probed."""
    there = draft.random.choice(["169.254.0.2", "169.254.0.3", "nonsense"])
    yield f"ovn-nbctl set nb_global . options:svc_monitor_ip=169.254.0.1 options:svc_monitor_ip_dst={there}"


STEPS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    add_port, function, function, group, group, acl, acl, acl, ports_of_group, child, child, check, check, status, status, status,
    addresses,
)  # fmt: skip


def random_function_commands(seed: int, length: int = 40) -> list[str]:
    """The commands of a random network; the same for the same seed."""
    draft = Draft(seed)
    found = [*add_switch(draft), *add_switch(draft)]
    for _ in range(10):
        found += add_port(draft)
    for name in FUNCTIONS:
        found += add_function(draft, name)
    found += [f"ovn-nbctl nfg-add {name} {number} inline {member}" for name, number, member in (("nfg0", 201, "nf0"), ("nfg1", 202, "nf1"))]
    found += ["ovn-nbctl pg-add pg", *ports_of_group(draft), "ovn-nbctl set nb_global . options:svc_monitor_ip=169.254.0.1"]
    for _ in range(length):
        found += draft.random.choice(STEPS)(draft)
    return [f"{command} || true" for command in found]
