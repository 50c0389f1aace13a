"""Temporary."""
from __future__ import annotations
from pyovn.machine import NEVER, Closed, Open, Opened
from pyovn.openflow import message_codec
from pyovn.openflow.message_registry import decode, encode
from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.message import *


class Connection:
    def __init__(self, remote: str) -> None:
        self.remote = remote; self.connected = False; self.epoch = 0
        self.inbox = []; self.effects = []; self.next_at = 0.0; self.buf = b""; self.xid = 1; self.state = "idle"; self.backoff = 1.0

    def send(self, message, xid=None):
        if xid is None:
            xid = self.xid; self.xid += 1
        self.effects.append(encode(message, OF15, xid))
        return xid

    def take_messages(self): 
        r, self.inbox = self.inbox, []
        return r

    def receive(self, port, data, now):
        if isinstance(data, Opened):
            self.buf = b""; self.send(Hello((OF15,)))
        elif isinstance(data, Closed):
            self.connected = False; self.next_at = now + 1.0; self.state = "idle"
        else:
            self.buf += data
            while len(self.buf) >= 8:
                n = int.from_bytes(self.buf[2:4], "big")
                if len(self.buf) < n: break
                raw, self.buf = self.buf[:n], self.buf[n:]
                try:
                    version, xid, m = decode(raw)
                except OpenFlowError as e:
                    print("decode", e, raw.hex()); continue
                if isinstance(m, Hello): self.send(FeaturesRequest())
                elif isinstance(m, EchoRequest): self.send(EchoReply(m.data), xid)
                elif isinstance(m, FeaturesReply): self.connected = True; self.epoch += 1
                else: self.inbox.append((xid, m))

    def tick(self, now):
        if self.state == "idle" and now >= self.next_at:
            self.state = "open"; self.effects.append(Open(self.remote))

    def due(self): return self.next_at if self.state == "idle" else NEVER
    def take(self):
        e, self.effects = self.effects, []
        return e


class Ch:
    def __init__(self, c): self.c = c
    @property
    def connected(self): return self.c.connected
    @property
    def epoch(self): return self.c.epoch
    def send(self, m, xid=None): return self.c.send(m, xid)
    def take(self): return self.c.take_messages()
