"""Which addresses a webhook may have: it is the operator's network that sends, so it must not be led around in it."""

import ipaddress
from urllib.parse import urlsplit

from photogate.errors import Unprocessable

_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 addresses that NAT64 takes to IPv4 ones (RFC 6052, RFC 8215)."""


class AddressRefused(Unprocessable):
    """Nothing is sent to such an address."""

    code, title = "WEBHOOK_ADDRESS_REFUSED", "This webhook address is not used"


def checked_url(url: str, *, allow_private: bool) -> str:
    """The address as it is kept; raises AddressRefused for anything but a plain https one.

    `allow_private` allows http too, as it is spoken inside a network of one's own.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefused("The webhook's address cannot be read.") from error
    if parts.scheme not in ({"https", "http"} if allow_private else {"https"}) or not host:
        raise AddressRefused("A webhook's address begins with https:// and names a host.")
    if parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused("A webhook's address holds no password, fragment, space or unprintable character.")
    return url


def is_public(address: str) -> bool:
    """Whether an IP address is reached over the internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or any(found in network for network in _CARRIERS):
            return False
    return found.is_global and not found.is_multicast
