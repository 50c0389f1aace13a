"""What ping prints, against lines that ping(8) of iputils printed."""

from __future__ import annotations

import pytest

from pyovn.lab.ping import Answer, Options, Ping, UsageError, parse_options, report


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("10.0.0.1", Options("10.0.0.1")),
        ("-c 3 10.0.0.1", Options("10.0.0.1", count=3)),
        ("10.0.0.1 -c 1 -i 0.2 -W 2 -t 7 -s 100", Options("10.0.0.1", 1, 0.2, 2.0, 7, 100)),
    ],
)
def test_options(words: str, expected: Options) -> None:
    assert parse_options(words.split()) == expected


@pytest.mark.parametrize("words", ["", "-c", "-c x 10.0.0.1", "--flood 10.0.0.1", "10.0.0.1 10.0.0.2"])
def test_a_wrong_command_line_has_one_message(words: str) -> None:
    with pytest.raises(UsageError, match=r"^ping: "):
        parse_options(words.split())


def test_a_run_with_a_loss_and_an_error() -> None:
    ping = Ping(Options("10.0.0.9", count=3), started=0.0, sent={1: 0.0, 2: 1.0, 3: 2.0}, finished=2.025)
    ping.answers = [
        Answer(1, "10.0.0.9", 63, 0.00197),
        Answer(2, "10.0.0.1", 254, 0.001, "Time to live exceeded"),
        Answer(3, "10.0.0.9", 63, 0.000622),
    ]
    assert report(ping) == (
        "PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.\n"
        "64 bytes from 10.0.0.9: icmp_seq=1 ttl=63 time=1.97 ms\n"
        "From 10.0.0.1 icmp_seq=2 Time to live exceeded\n"
        "64 bytes from 10.0.0.9: icmp_seq=3 ttl=63 time=0.622 ms\n"
        "\n"
        "--- 10.0.0.9 ping statistics ---\n"
        "3 packets transmitted, 2 received, +1 errors, 33.3333% packet loss, time 2025ms\n"
        "rtt min/avg/max/mdev = 0.622/1.296/1.970/0.674 ms\n"
    )
    assert ping.status() == 0


def test_a_run_without_an_answer_fails() -> None:
    ping = Ping(Options("10.0.0.9", count=1), started=0.0, sent={1: 0.0}, finished=10.0)
    assert report(ping).endswith("1 packets transmitted, 0 received, 100% packet loss, time 10000ms\n")
    assert ping.status() == 1
