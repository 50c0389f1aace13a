"""How a command line reaches a database over a socket: the client that `pyovn.cli.client` describes, with its time limit as an alarm."""

from __future__ import annotations

import time

from pyovn.cli.client import ServerError, Target, Unreachable
from pyovn.runtime.blocking import BlockingClient, CallError, ConnectError, connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.runtime.blocking import Secure

RETRY_S = 1
FOREVER_S = 3600.0
NOT_THE_LEADER = "not the leader"


class CtlClient:
    """A `Client` on a socket."""

    def __init__(self, remote: str, connection: BlockingClient) -> None:
        self.remote = remote
        self._connection = connection

    def call(self, method: str, params: list[Any], /) -> Any:
        """The result of a request."""
        try:
            return self._connection.call(method, params)
        except CallError as error:
            raise ServerError(error.error) from None
        except ConnectError as error:
            raise Unreachable(self.remote, str(error)) from None

    def wait(self, seconds: float | None, /) -> None:
        """Return when the server has said something, or the time is over."""
        try:
            self._connection.wait(FOREVER_S if seconds is None else seconds)
        except ConnectError as error:
            raise Unreachable(self.remote, str(error)) from None
        self._connection.notifications.clear()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def connect_to(target: Target) -> CtlClient:
    """Connect to the first server of `target` that serves its database (and leads, if it must); retry as it says."""
    if target.timeout_s:
        limit(target.timeout_s)
    secure = None
    if "ssl:" in target.remotes:
        from pyovn.runtime.ctl_tls import secure_with

        try:
            secure = secure_with(target.tls)
        except ConnectError as error:
            raise Unreachable(target.remotes, str(error), error.log) from None
    remotes = target.remotes.split(",")
    reason = ConnectError("")
    while True:
        for remote in remotes:
            try:
                return first_contact(target, remote, secure, alone=len(remotes) == 1)
            except ConnectError as error:
                reason = error
        if not target.retry and (str(reason) != NOT_THE_LEADER or len(remotes) == 1):
            raise Unreachable(target.remotes, str(reason), reason.log)
        time.sleep(RETRY_S)


def first_contact(target: Target, remote: str, secure: Secure | None, *, alone: bool) -> CtlClient:
    """A client at this remote; `ConnectError` says why there is none."""
    client = CtlClient(target.remotes, connect(remote, secure=secure))
    if alone or not target.leader_only or leads(client, target.database):
        return client
    client.close()
    raise ConnectError(NOT_THE_LEADER)


def leads(client: CtlClient, database: str) -> bool:
    """Whether a server leads its cluster for this database; one that stands alone does."""
    select = {"op": "select", "table": "Database", "where": [["name", "==", database]], "columns": ["leader", "connected"]}
    try:
        rows = client.call("transact", ["_Server", select])[0]["rows"]
    except ServerError:
        return True
    return all(row["leader"] for row in rows)


def limit(seconds: int) -> None:
    """Have this process ended by an alarm after so many seconds."""
    import signal

    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(seconds)


def _alarm(number: int, _frame: object) -> None:
    """Say what scripts look for, then die of the signal."""
    import signal
    import sys

    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{now}|00001|fatal_signal|WARN|terminating with signal {number} (Alarm clock)\n")
    sys.stdout.flush()
    sys.stderr.flush()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
