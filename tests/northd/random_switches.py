"""Random networks of what switches do besides forwarding, for both compilers: names, copies, groups, proxies, queues, probes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.northd.random_network import Draft, add_port, add_switch, change_port, connect, remove


def name(draft: Draft) -> Iterator[str]:
    """A name that a switch knows, or no more."""
    switch = draft.random.choice(draft.switches)
    if draft.random.random() < 0.3:
        yield f"ovn-nbctl clear logical_switch {switch} dns_records"
        return
    known = draft.random.choice(['"VM.example"="10.0.0.4 FD00::4"', ""])
    owned = draft.random.choice(["true", "false"])
    yield f"ovn-nbctl --id=@d create DNS records='{{{known}}}' options:ovn-owned={owned} -- add logical_switch {switch} dns_records @d"


def some_ports(draft: Draft) -> str:
    """One port or two."""
    ports = [port for _, port in draft.ports]
    return " ".join(draft.random.sample(ports, min(len(ports), draft.random.randrange(1, 3))))


def forwarding_group(draft: Draft) -> Iterator[str]:
    """A virtual address that ports serve."""
    if draft.ports:
        number, alive = next(draft.numbers), draft.random.choice(["", "--liveness "])
        switch = draft.random.choice(draft.switches)
        yield f"ovn-nbctl {alive}fwd-group-add fg{number} {switch} 10.9.0.{number} {draft.mac()} {some_ports(draft)}"


def mirror(draft: Draft) -> Iterator[str]:
    """Copies of what a port sends or receives."""
    if not draft.ports:
        return
    _, port = draft.random.choice(draft.ports)
    _, sink = draft.random.choice(draft.ports)
    number, way = next(draft.numbers), draft.random.choice(["from-lport", "to-lport", "both"])
    how = draft.random.choice([f"gre 1 {way} 10.0.0.1", f"local {way} somewhere", f"lport {way} {sink}", f"lport {way} {sink}"])
    yield f"ovn-nbctl mirror-add m{number} {how}"
    yield f"ovn-nbctl lsp-attach-mirror {port} m{number}"
    if draft.random.random() < 0.5:
        yield f"ovn-nbctl mirror-rule-add m{number} {number} 'ip4' {draft.random.choice(['mirror', 'skip'])}"


def multicast(draft: Draft) -> Iterator[str]:
    """Settings of who gets what is sent to groups."""
    choices = [
        f"logical_switch {draft.random.choice(draft.switches)} other_config:mcast_{option}"
        for option in ("snoop=true", "snoop=false", "flood_unregistered=true", "idle_timeout=20", "querier=false", "table_size=1")
    ]
    for table, names in (
        ("logical_switch_port", [port for _, port in draft.ports]), ("logical_router_port", [port for _, port, _ in draft.router_ports]),
    ):  # fmt: skip
        if names:
            choices.append(f"{table} {draft.random.choice(names)} options:mcast_flood={draft.random.choice(['true', 'false'])}")
    if draft.ports:
        _, port = draft.random.choice(draft.ports)
        choices += [f"logical_switch_port {port} options:{option}" for option in ("mcast_flood_reports=true", "receive_multicast=false")]
    if draft.routers:
        choices += [f"logical_router {draft.random.choice(draft.routers)} options:mcast_relay=true"] * 3
    yield f"ovn-nbctl set {draft.random.choice(choices)}"


def port_options(draft: Draft) -> Iterator[str]:
    """What a port may ask for."""
    if draft.ports:
        _, port = draft.random.choice(draft.ports)
        _, other = draft.random.choice(draft.ports)
        option = draft.random.choice([
            "force_fdb_lookup=true", "pkt_clone_type=mc_unknown", "disable_arp_nd_rsp=true", "lsp_learn_fdb=false", "qos_max_rate=1000",
            "localnet_learn_fdb=true", f"virtual-ip=10.7.0.{next(draft.numbers)} options:virtual-parents={other}", "qos_burst=10",
        ])  # fmt: skip
        yield f"ovn-nbctl set logical_switch_port {port} options:{option}"


def switch_options(draft: Draft) -> Iterator[str]:
    """What a switch may ask for."""
    option = draft.random.choice([
        "broadcast-arps-to-all-routers=false", "vlan-passthru=true", "interconn-ts=ts", "fdb_age_threshold=100", "ct-zone-limit=7",
    ])  # fmt: skip
    yield f"ovn-nbctl set logical_switch {draft.random.choice(draft.switches)} other_config:{option}"


def proxy(draft: Draft) -> Iterator[str]:
    """A router's port answers for others."""
    if draft.router_ports:
        _, port, number = draft.random.choice(draft.router_ports)
        mac = draft.random.choice(["", f"{draft.mac()} "])
        side = f"$(ovn-nbctl --bare --columns name find logical_switch_port options:router-port={port})"
        yield f"ovn-nbctl set logical_switch_port {side} options:arp_proxy='\"{mac}169.254.{number}.0/24 fd99::{number:x}\"'"


def join(draft: Draft) -> Iterator[str]:
    """Two switches joined directly."""
    number = next(draft.numbers)
    ends = (f"j{number}a", f"j{number}b")
    for end, other in (ends, ends[::-1]):
        switch = draft.random.choice(draft.switches)
        draft.ports.append((switch, end))
        yield f"ovn-nbctl lsp-add {switch} {end} -- set logical_switch_port {end} type=switch peer={other}"


def elsewhere(draft: Draft) -> Iterator[str]:
    """A port of another zone, or a container."""
    switch, port = draft.random.choice(draft.switches), f"e{next(draft.numbers)}"
    if draft.ports and draft.random.random() < 0.5:
        _, parent = draft.random.choice(draft.ports)
        yield f"ovn-nbctl lsp-add {switch} {port} {parent} {next(draft.numbers)}"
    else:
        kind = draft.random.choice(["remote", "vtep", "l2gateway"])
        yield f"ovn-nbctl lsp-add {switch} {port} -- lsp-set-type {port} {kind} -- lsp-set-addresses {port} unknown"
    draft.ports.append((switch, port))


def acl(draft: Draft) -> Iterator[str]:
    """An ACL."""
    number = next(draft.numbers)
    direction = draft.random.choice(["from-lport", "to-lport"])
    action = draft.random.choice(["allow", "allow-related", "drop", "reject", "allow-stateless", "pass"])
    yield f"ovn-nbctl acl-add {draft.random.choice(draft.switches)} {direction} {1000 + number} 'ip4.src == 10.0.0.{number}' {action}"


def template(draft: Draft) -> Iterator[str]:
    """A load balancer with variables."""
    number, ipv6 = next(draft.numbers), draft.random.random() < 0.3
    columns = "options:address-family=ipv6 " if ipv6 else ""
    extra = draft.random.choice(["", "options:reject=true ", "options:event=true ", "options:affinity_timeout=60 "])
    backends = draft.random.choice([f"^B{number}", f"^B{number}:^P,^C{number}:80", ""])
    vip = f"^V{number}" + draft.random.choice([f":^P{number}", ":80"])
    row = f"create load_balancer name=lb{number} protocol=tcp options:template=true {columns}{extra}"
    yield f"ovn-nbctl {row}vips:'\"{vip}\"'='\"{backends}\"'"
    yield f"ovn-nbctl ls-lb-add {draft.random.choice(draft.switches)} lb{number}"
    if draft.routers:
        yield f"ovn-nbctl lr-lb-add {draft.random.choice(draft.routers)} lb{number}"


def health_check(draft: Draft) -> Iterator[str]:
    """A probe of who lives at a port."""
    if draft.ports:
        _, port = draft.random.choice(draft.ports)
        number = next(draft.numbers)
        yield f"ovn-nbctl lsp-set-addresses {port} '{draft.mac()} 10.6.0.{number}'"
        columns = f"protocol=tcp src_ip=10.6.1.{number} port=80 address=10.6.0.{number}"
        yield f"ovn-nbctl --id=@h create Logical_Switch_Port_Health_Check {columns} -- add logical_switch_port {port} health_checks @h"


def whole_network(draft: Draft) -> Iterator[str]:
    """An option of everything."""
    option = draft.random.choice([
        "debug_drop_collector_set=5", "debug_drop_collector_set=0", "acl_ct_translation=true", "acl_ct_translation=false",
        "ignore_lsp_down=false", "default_acl_drop=true", "debug_drop_domain_id=3",
    ])  # fmt: skip
    yield f"ovn-nbctl set nb_global . options:{option}"


STEPS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    add_switch, add_port, add_port, add_port, connect, change_port, remove, name, forwarding_group, mirror, mirror, multicast, multicast,
    port_options, port_options, port_options, switch_options, proxy, join, elsewhere, acl, acl, template, health_check, whole_network,
)  # fmt: skip


def random_switch_commands(seed: int, length: int = 30) -> list[str]:
    """The commands of a random network; the same for the same seed."""
    draft = Draft(seed)
    found = [*add_switch(draft), *add_switch(draft), *add_port(draft), *connect(draft)]
    for _ in range(length):
        found += draft.random.choice(STEPS)(draft)
    return [f"{command} || true" for command in found]
