"""ARP requests, solicitations, advertisements."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.neighbours import advertisement, arp_request, solicitation
from pyovn.packet.checksum import checksum, pseudo_header
from tests.controller.services.frames import A6, B6, CLIENT, SERVER, icmp4, solicit6, udp4


def test_an_arp_request_takes_the_packet_s_place() -> None:
    made = arp_request(udp4())
    assert made is not None
    assert made[:14] == SERVER + CLIENT + b"\x08\x06"
    assert made[14:].hex() == "0001080006040001" + CLIENT.hex() + "0a00000b" + "00" * 6 + "0a000001"


def test_only_ipv4_makes_an_arp_request() -> None:
    assert arp_request(solicit6()) is None


def test_an_advertisement_answers_a_solicitation() -> None:
    made = advertisement(solicit6(), router=True)
    assert made is not None
    assert made[:14] == CLIENT + SERVER + b"\x86\xdd"
    assert int.from_bytes(made[22:38], "big") == B6
    assert int.from_bytes(made[38:54], "big") == A6
    assert (made[54], made[58], made[62:78]) == (136, 0xE0, B6.to_bytes(16, "big"))
    assert made[78:] == b"\x02\x01" + SERVER
    assert checksum(made[54:], pseudo_header(B6, A6, 58, len(made) - 54)) == 0


def test_a_host_says_that_it_is_no_router() -> None:
    made = advertisement(solicit6(), router=False)
    assert made is not None
    assert made[58] == 0x60


def test_a_solicitation_goes_to_the_target_s_group() -> None:
    target = 0xFE80 << 112 | 0x123456
    made = solicitation(solicit6(), target)
    assert made is not None
    assert made[:6].hex() == "3333ff123456"
    assert made[62:78] == target.to_bytes(16, "big")
    assert made[21] == 255


def test_what_is_no_solicitation_gets_no_answer() -> None:
    assert advertisement(icmp4(), router=False) is None
    for length in range(len(solicit6())):
        assert advertisement(solicit6()[:length], router=False) is None


@given(st.binary(max_size=120))
def test_no_frame_raises(frame: bytes) -> None:
    arp_request(frame)
    advertisement(frame, router=True)
    solicitation(frame, 1)
