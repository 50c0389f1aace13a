"""The TLS files of a host's programs: get-ssl, del-ssl, set-ssl (ovs-vsctl(8), "SSL/TLS Configuration")."""

from __future__ import annotations

from pyovn.cli.ctl import ssl
from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("SSL/TLS commands")

family.command(ssl.get_ssl)
family.command(ssl.del_ssl)


@family.command
def set_ssl(vs: Rows, private_key: str, certificate: str, ca_cert: str, *, bootstrap: bool = False) -> None:
    """Say with which key, certificate and authority connections are secured."""
    ssl.set_ssl(vs, private_key, certificate, ca_cert, bootstrap=bootstrap)
