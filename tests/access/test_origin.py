"""Whose address a request has: nobody's word is taken but a trusted proxy's."""

import pytest

from portfolio.access.origin import client_address, request_id

PROXY = "10.0.0.0/8, 192.0.2.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", None, "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", PROXY, "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", PROXY, "198.51.100.1"),
        ("10.1.2.3", "6.6.6.6, 198.51.100.1, 192.0.2.1", PROXY, "198.51.100.1"),
        ("10.1.2.3", "10.9.9.9", PROXY, "10.9.9.9"),
        ("10.1.2.3", "<script>", PROXY, "10.1.2.3"),
        ("10.1.2.3", "", PROXY, "10.1.2.3"),
        ("10.1.2.3", "2001:db8::1", PROXY, "2001:db8::1"),
        ("", "198.51.100.1", PROXY, ""),
    ],
)
def test_an_address_is_the_last_one_no_trusted_proxy_has(
    peer: str, forwarded: str | None, trusted: str, address: str
) -> None:
    assert client_address(peer, forwarded, trusted) == address


@pytest.mark.parametrize("asked", [None, "", "a b", "x" * 65, "a\n", "编号"])
def test_an_id_that_is_not_plain_is_replaced(asked: str | None) -> None:
    assert len(request_id(asked)) == 32


def test_a_plain_id_is_kept() -> None:
    assert request_id("batch-7.a_1") == "batch-7.a_1"
