"""The collector rests, and goes on."""

from __future__ import annotations

import gc

import pytest

from pyovn.ovsdb.bulk import collector_at_rest


def test_the_collector_goes_on_afterwards_whatever_happens() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError), collector_at_rest():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
