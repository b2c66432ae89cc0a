"""OpenStack Swift with its S3 API in one process: `python -m embedded.s3_server DIRECTORY PORT`.

DIRECTORY has the files `access-key` and `secret-key` and receives objects and configuration. Proxy, account, container
and object server share one event loop; the last three listen on loopback ports that the system picks and ask no key.
One copy of each object, no background daemon, no lifecycle, no object lock: a store for demonstrations and tests.
"""

import io
import logging
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from embedded.credentials import kept, write_private
from embedded.ports import HOST

BACKENDS = ("account", "container", "object")

CLUSTER = """\
[swift-hash]
swift_hash_path_prefix = {prefix}
swift_hash_path_suffix = {suffix}
[storage-policy:0]
name = single
default = yes
"""

DEFAULTS = """\
[DEFAULT]
swift_dir = {directory}
devices = {directory}/devices
recon_cache_path = {directory}/recon
mount_check = false
log_level = WARNING
log_custom_handlers = embedded.s3_server.log_to_stderr
"""

BACKEND = """\
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = """\
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth copy slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
paste.filter_factory = embedded.s3_server:cache_filter
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret_key} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
"""

GreenThread = Any
Wsgi = Callable[[dict[str, Any], Any], Any]


def main() -> None:
    """Serve until a signal ends the process."""
    directory, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    os.umask(0o077)  # everything here is applicants' photos or a secret
    prepare(directory)
    serve(directory, port)


def prepare(directory: Path) -> None:
    """Lay out the folders and the cluster's secret, without which no stored object would be found again."""
    (directory / "devices" / "disk").mkdir(parents=True, exist_ok=True)
    (directory / "recon").mkdir(exist_ok=True)
    kept(directory / "swift.conf", CLUSTER.format(prefix=secrets.token_hex(16), suffix=secrets.token_hex(16)))


def serve(directory: Path, port: int) -> None:
    """Start the three backends, then the proxy, which is thus asked only when all can answer."""
    import eventlet

    eventlet.monkey_patch()  # before Swift and everything below it is imported

    import swift.common.utils

    swift.common.utils.set_swift_dir(str(directory))  # before the modules that read swift.conf when they are imported

    for name in BACKENDS:
        listener = listen(0)
        write_ring(directory, name, listener.getsockname()[1])
        start(directory, name, BACKEND.format(name=name), listener)
    account, user = (directory / "access-key").read_text().split(":")
    secret_key = (directory / "secret-key").read_text()
    start(directory, "proxy", PROXY.format(account=account, user=user, secret_key=secret_key), listen(port)).wait()


def listen(port: int) -> socket.socket:
    """A listening socket whose connections send at once: waiting to fill packets costs 20 ms a photo."""
    import eventlet

    listener = eventlet.listen((HOST, port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def write_ring(directory: Path, name: str, port: int) -> None:
    """Tell the proxy where this kind of server listens: one device, one copy."""
    from swift.common.ring import RingBuilder

    builder = RingBuilder(part_power=2, replicas=1, min_part_hours=1)
    builder.add_dev({"region": 1, "zone": 1, "weight": 1, "ip": HOST, "port": port, "device": "disk"})
    builder.rebalance()
    builder.get_ring().save(str(directory / f"{name}.ring.gz"))


def start(directory: Path, name: str, configuration: str, listener: socket.socket) -> GreenThread:
    """Load one of Swift's servers and serve it from a green thread, which is returned."""
    import eventlet.wsgi
    from swift.common.wsgi import SwiftHttpProtocol, loadapp

    file = directory / f"{name}-server.conf"
    write_private(file, DEFAULTS.format(directory=directory) + configuration)
    return eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        loadapp(str(file)),
        log=io.StringIO(),
        log_output=False,
        protocol=SwiftHttpProtocol,
        capitalize_response_headers=False,
    )


class InfoCache:
    """What Swift keeps in memcached: which accounts and buckets there are. Six times faster than asking for each photo.

    This process is the whole cluster and drops an entry when it changes, so entries need not expire.
    """

    def __init__(self) -> None:
        self._entries: dict[str, object] = {}

    def get(self, key: str, **_: object) -> object:
        """The entry, or None."""
        return self._entries.get(key)

    def set(self, key: str, value: object, **_: object) -> None:
        """Keep an entry."""
        self._entries[key] = value

    def delete(self, key: str, **_: object) -> None:
        """Drop an entry that changed."""
        self._entries.pop(key, None)


def cache_filter(_global_conf: dict[str, str], **_conf: str) -> Callable[[Wsgi], Wsgi]:
    """Paste's way to put the cache into each request."""
    cache = InfoCache()

    def wrap(app: Wsgi) -> Wsgi:
        return lambda environ, start_response: app({**environ, "swift.cache": cache}, start_response)

    return wrap


def log_to_stderr(*arguments: Any) -> None:  # noqa: ANN401 - Swift passes six things of which we want the last but one
    """Swift's hook for handlers of one's own: this process writes to its log file, not to the system's log."""
    *_, logger, _adapter = arguments
    own = logging.StreamHandler()
    own.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.handlers = [own]


if __name__ == "__main__":
    main()
