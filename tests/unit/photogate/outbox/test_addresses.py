"""Webhooks go to public addresses over TLS, and a name or a number in disguise changes nothing about that."""

import pytest

from photogate.outbox.addresses import AddressRefused, checked_url, is_public

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "2001:0:a00:1::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_outside_is_public(address):
    assert is_public(address)


REFUSED = [
    "http://printer.example.org/",
    "ftp://printer.example.org/",
    "file:///etc/passwd",
    "printer.example.org",
    "https://",
    "https:///path",
    "https://user:secret@printer.example.org/",
    "https://@printer.example.org/",
    "https://printer.example.org/#here",
    "https://printer.example.org/a b",
    "https://printer.example.org/\r\nHost: elsewhere",
    "https://prïnter.example.org/",
    "https://printer.example.org:99999/",
    "https://[::1/",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_plain_https_address_is_refused(url):
    with pytest.raises(AddressRefused):
        checked_url(url, allow_private=False)


def test_inside_ones_own_network_http_will_do():
    for url in ("http://printer.internal/hooks?of=gate", "https://printer.example.org:8443/"):
        assert checked_url(url, allow_private=True) == url
    with pytest.raises(AddressRefused):
        checked_url("ftp://printer.internal/", allow_private=True)
