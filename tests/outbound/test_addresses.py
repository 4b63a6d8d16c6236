from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.addresses import check_url, is_allowed, refusal
from outbound.errors import ForbiddenAddress, InvalidURL

# Written from the registries, apart from the table under test.
FORBIDDEN = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::/128",
    "::1/128",
    "::/96",  # IPv4-compatible
    "::ffff:0:0/96",  # IPv4-mapped
    "::ffff:0:0:0/96",  # IPv4-translated
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/32",  # Teredo
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::",
    "2001:4860:4860::8888",
    "2003::",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "3ffe:ffff::",
]

networks = st.sampled_from([ip_network(text) for text in FORBIDDEN])


@st.composite
def forbidden_addresses(draw: st.DrawFn) -> IPv4Address | IPv6Address:
    network = draw(networks)
    return network[draw(st.integers(0, network.num_addresses - 1))]


def spellings(address: IPv4Address | IPv6Address) -> list[str]:
    """Every way in which a URL can spell `address`."""
    if isinstance(address, IPv6Address):
        tail = IPv4Address(int(address) & 0xFFFFFFFF)
        # Not `exploded`: Python 3.13 misspells IPv4-mapped addresses there.
        exploded = address.packed.hex(":", 2)
        head = exploded.rsplit(":", 2)[0]
        names = [
            str(address),
            exploded,
            exploded.upper(),
            f"{head}:{tail}",
        ]
        return [f"[{name}]" for name in names]
    a, b, c, d = address.packed
    number = int(address)
    dotted = str(address)
    return [
        dotted,
        dotted + ".",
        str(number),
        hex(number),
        f"0{number:o}",
        f"0X{number:08X}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0{a:o}.{hex(b)}.{c}.000{d:o}",
        ".".join(f"0x{byte:02x}" for byte in address.packed),
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else "\u3002" for c in dotted),  # full width
    ]


@pytest.mark.parametrize("block", FORBIDDEN)
def test_both_ends_of_every_special_block_are_refused(block: str) -> None:
    network = ip_network(block)
    assert not is_allowed(network[0])
    assert not is_allowed(network[-1])


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_next_to_special_blocks_are_allowed(text: str) -> None:
    assert is_allowed(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_accepted_in_every_spelling_and_normalised(
    text: str,
) -> None:
    address = ip_address(text)
    assert {check_url(f"http://{name}/").host for name in spellings(address)} == {str(address)}


@given(forbidden_addresses())
def test_a_forbidden_address_is_refused_however_it_is_spelled(
    address: IPv4Address | IPv6Address,
) -> None:
    assert not is_allowed(address)
    for name in spellings(address):
        for url in (f"http://{name}/", f"https://{name}:8443/path?query"):
            with pytest.raises(ForbiddenAddress):
                check_url(url)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_inside_an_ipv6_one(address: IPv4Address) -> None:
    number = int(address)
    carriers = [
        number,
        (0xFFFF << 32) | number,
        (0xFFFF << 48) | number,
        (0x64FF9B << 96) | number,
        (0x64FF9B0001 << 80) | number,
        (0x2002 << 112) | (number << 80),
        (0x20010000 << 96) | (number ^ 0xFFFFFFFF),
    ]
    assert not any(is_allowed(IPv6Address(carrier)) for carrier in carriers)


@given(st.ip_addresses())
def test_an_allowed_address_is_one_that_python_calls_global(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_allowed(address):
        assert address.is_global
        assert not address.is_multicast


@given(forbidden_addresses(), forbidden_addresses())
def test_an_exception_exempts_its_own_address_and_no_other(
    exempt: IPv4Address | IPv6Address, other: IPv4Address | IPv6Address
) -> None:
    exceptions = [ip_network(exempt)]
    assert is_allowed(exempt, exceptions)
    assert is_allowed(other, exceptions) is (other == exempt)


def test_an_exempt_ipv4_address_does_not_open_its_ipv6_forms() -> None:
    exceptions = [IPv4Network("127.0.0.0/8")]
    check_url("http://2130706433/", exceptions=exceptions)
    for url in ("http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[::1]/"):
        with pytest.raises(ForbiddenAddress):
            check_url(url, exceptions=exceptions)
    check_url("http://[::1]/", exceptions=[IPv6Network("::1/128")])


def test_a_refusal_says_what_the_address_is() -> None:
    assert refusal(ip_address("127.0.0.1")) == "loopback"
    with pytest.raises(ForbiddenAddress, match=r"The URL's host 10\.0\.0\.1 is a private address"):
        check_url("http://10.1/")


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://example.com", "http://example.com"),
        ("HTTPS://Example.COM:443/A?b=c#d", "https://example.com/A?b=c"),
        ("http://example.com./", "http://example.com./"),
        ("http://münchen.example/ü", "http://xn--mnchen-3ya.example/%C3%BC"),
        ("http://under_score.example:8080/", "http://under_score.example:8080/"),
        ("http://1password.com/", "http://1password.com/"),
        ("http://134744072/", "http://8.8.8.8/"),
    ],
)
def test_a_good_url_comes_back_in_normal_form(url: str, normal: str) -> None:
    assert str(check_url(url)) == normal


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "must begin with http"),
        ("example.com", "must begin with http"),
        ("//example.com/", "must begin with http"),
        ("ftp://example.com/", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("http:///path", "no host"),
        ("http:example.com", "no host"),
        ("http://user@example.com/", "user name or password"),
        ("http://:secret@example.com/", "user name or password"),
        ("http://example.com:0/", "port"),
        ("http://example.com:65536/", "malformed"),
        ("http://example.com:http/", "malformed"),
        ("http://example.com\\@evil.example/", "malformed"),
        ("http://[::1/", "malformed"),
        ("http://[127.0.0.1]/", "malformed"),
        ("http://::1/", "malformed"),
        ("http://\u0628a.example/", "malformed"),
        ("http://exa mple.com/", "not a valid name"),
        ("http://%31%32%37.0.0.1/", "not a valid name"),
        ("http://example%00.com/", "not a valid name"),
        ("http://a..example/", "not a valid name"),
        ("http://-a.example/", "not a valid name"),
        (f"http://{'a' * 64}.example/", "not a valid name"),
        (f"http://{'a.' * 127}example/", "not a valid name"),
        ("http://[2606:4700::1%25eth0]/", "not a valid name"),
        ("http://1.2.3.4.5/", "not a valid name"),
        ("http://256.1.1.1/", "not a valid name"),
        ("http://1.2.3.256/", "not a valid name"),
        ("http://4294967296/", "not a valid name"),
        ("http://08.8.8.8/", "not a valid name"),
        ("http://example.123/", "not a valid name"),
        (f"http://{'9' * 5000}/", "not a valid name"),
        ("http://example.com/\r\nHost: evil", "control or invisible"),
        ("http://exam\tple.com/", "control or invisible"),
        ("http://example.com/\x00", "control or invisible"),
        ("http://example.com/\u202egnp.exe", "control or invisible"),
        ("http://example.com/\udc80", "control or invisible"),
    ],
)
def test_a_bad_url_is_refused_in_a_clear_sentence(url: str, sentence: str) -> None:
    with pytest.raises(InvalidURL, match=sentence) as caught:
        check_url(url)
    assert not isinstance(caught.value, ForbiddenAddress)


@given(st.text())
def test_any_text_is_either_a_url_or_an_invalid_one(text: str) -> None:
    for url in (
        text,
        f"http://{text}",
        f"http://{text}/",
        f"https://example.com{text}",
    ):
        try:
            checked = check_url(url)
        except InvalidURL:
            continue
        assert checked.scheme in ("http", "https")
        assert str(check_url(str(checked))) == str(checked)
