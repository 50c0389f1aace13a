"""Files of clustered databases, as far as tools go (ovsdb(5)): made for a server that begins or joins a cluster, read, made standalone.

The first record says who the server is, and holds the database as it was then; each further one with `data` is a transaction. What
makes servers agree on them (RAFT) is the business of the servers that keep such files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from pyovn.ovsdb.database_file import World, converted, database_of, write_new
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import CLUSTER_MAGIC, Contents, decode, encode, records
from pyovn.ovsdb.record import snapshot
from pyovn.ovsdb.schema_json import schema_from_json

Entry = tuple[Any, Any]
"""A schema or None, and a transaction or None."""


def create_cluster(world: World, path: str, data: tuple[dict[str, Any], dict[str, Any]], address: str, *, election_ms: int = 0) -> None:
    """Create the file of a cluster's first server: `data` is its schema and a transaction of every row, all of which is kept.

    An election is held when nothing was heard of the leader for `election_ms`; 0: as long as the servers like.
    """
    server, (schema, transaction) = world.new_uuid(), data
    header = {
        "server_id": server, "local_address": address, "name": schema["name"], "cluster_id": world.new_uuid(),
        "prev_term": 1, "prev_index": 1, "prev_eid": world.new_uuid(), "prev_servers": {server: address},
        "prev_data": [_lasting(schema), transaction],
    }  # fmt: skip
    timer = encode({"term": 1, "index": 2, "election_timer": election_ms}, CLUSTER_MAGIC) if election_ms else b""
    write_new(world.storage, path, encode(header, CLUSTER_MAGIC) + timer)


def _lasting(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without ephemeral columns: a server that takes over must know what its forerunner did."""
    tables = {
        name: {**table, "columns": {each: _without_ephemeral(column) for each, column in table["columns"].items()}}
        for name, table in schema["tables"].items()
    }
    return {**schema, "tables": tables}


def _without_ephemeral(column: dict[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in column.items() if name != "ephemeral"}


def check_address(address: str) -> None:
    """Raise unless another server of a cluster can be reached there."""
    scheme, colon, rest = address.partition(":")
    if not colon or scheme not in ("unix", "tcp", "ssl"):
        raise OvsdbError("ovsdb error", f'{address}: expected "tcp" or "ssl" address')
    host, _, port = rest.rpartition(":")
    if scheme != "unix" and not (host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise OvsdbError("ovsdb error", f"{address}: syntax error in address")


def join_cluster(world: World, path: str, name: str, address: str, *, remotes: list[str], cluster: str = "") -> None:
    """Create the file of a server that joins the cluster of those at `remotes`, which must be `cluster` if that is known."""
    header = {"server_id": world.new_uuid(), "local_address": address, "name": name, "remote_addresses": remotes}
    write_new(world.storage, path, encode(header | ({"cluster_id": cluster} if cluster else {}), CLUSTER_MAGIC))


def read_header(data: bytes, name: str) -> dict[str, Any]:
    """The first record."""
    for record, _ in records(data, name, magic=CLUSTER_MAGIC):
        return record
    raise OvsdbError("ovsdb error", f"{name}: the file holds no header")


def standalone_file(world: World, data: bytes, name: str) -> bytes:
    """The file of a standalone database that has all that a clustered one's holds."""
    made = b""
    for schema, transaction in _entries(data, name):
        if schema is not None:
            made = encode(schema) if not made else _converted(world, made, schema, name)
        if transaction:
            made += encode(transaction)
    if not made:
        raise OvsdbError("ovsdb error", f"{name}: the server has not joined its cluster: there is no data")
    return made


def _converted(world: World, made: bytes, schema: dict[str, Any], name: str) -> bytes:
    contents: Contents = decode(made, name, members=msgspec.Raw)
    database = converted(database_of(world, contents, name), schema_from_json(schema), world)
    return snapshot(database, world.now_ms(), "converted")


def _entries(data: bytes, name: str) -> Iterator[Entry]:
    """What the file's log comes to: an entry that takes the place of earlier ones ends them."""
    kept: dict[int, Entry] = {}
    for record, _ in records(data, name, magic=CLUSTER_MAGIC):
        if "prev_data" in record:
            kept = {record["prev_index"]: _entry(record["prev_data"])}
        elif "data" in record and "index" in record:
            index = record["index"]
            kept = {known: entry for known, entry in kept.items() if known < index} if index in kept else kept
            kept[index] = _entry(record["data"])
    return iter(_in_order(kept.items()))


def _in_order(items: Iterable[tuple[int, Entry]]) -> list[Entry]:
    return [entry for _, entry in sorted(items, key=lambda item: item[0])]


def _entry(data: Any) -> Entry:
    schema, transaction = data if isinstance(data, list) and len(data) == 2 else (None, None)
    return schema, transaction
