"""Messages that set a session up and keep it, on the wire."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.error import ONF, Fault, OpenFlowError
from pyovn.openflow.message import (
    AsyncConfig,
    BarrierReply,
    BarrierRequest,
    EchoReply,
    EchoRequest,
    Error,
    Experimenter,
    FeaturesReply,
    FeaturesRequest,
    GetAsyncReply,
    GetAsyncRequest,
    GetConfigReply,
    GetConfigRequest,
    Hello,
    Message,
    Role,
    RoleReply,
    RoleRequest,
    RoleStatus,
    SetAsync,
    SetConfig,
)
from pyovn.openflow.message_registry import OF10, OF13, OF14, decodes, decodes_vendor, encodes, frame, unsupported, vendor_frame
from pyovn.openflow.port_codec import decode_ports, encode_ports
from pyovn.openflow.properties import encode_property, read_properties

(
    HELLO, ERROR, ECHO_REQUEST, ECHO_REPLY, _, FEATURES_REQUEST, FEATURES_REPLY, GET_CONFIG_REQUEST, GET_CONFIG_REPLY, SET_CONFIG,
) = range(10)  # fmt: skip
BARRIER_REQUEST, BARRIER_REPLY = 20, 21
ROLE_REQUEST, ROLE_REPLY, GET_ASYNC_REQUEST, GET_ASYNC_REPLY, SET_ASYNC = 24, 25, 26, 27, 28
ROLE_STATUS = 30
NXT_ROLE_REQUEST, NXT_ROLE_REPLY, NXT_SET_ASYNC, ONFT_ROLE_STATUS = 10, 11, 19, 1911

_SHORTS = Struct(">HH")
_VENDOR_ERROR = Struct(">HHI")
_FEATURES = Struct(">QIBB2xII")
_ROLE = Struct(">I4xQ")
_ROLE_STATUS = Struct(">IB3xQ")
_WORD = Struct(">I")
_ASYNC = Struct(">6I")
_NO_GENERATION = 0xFFFFFFFFFFFFFFFF


@encodes(Hello)
def _encode_hello(message: Hello, version: int, xid: int) -> bytes:
    bitmap = sum(1 << number for number in message.versions)
    return frame(HELLO, max(message.versions), xid, encode_property(1, _WORD.pack(bitmap)))


@decodes(HELLO)
def _decode_hello(body: bytes, version: int) -> Message:
    for kind, payload in read_properties(body):
        if kind == 1 and len(payload) >= 4:
            bitmap = int.from_bytes(payload[:4], "big")
            return Hello(tuple(number for number in range(32) if bitmap >> number & 1))
    # Without a bitmap, a peer speaks its version and every earlier one (OpenFlow 1.3.1, 6.3.1).
    return Hello(tuple(range(1, version + 1)))


# Errors. OpenFlow 1.0 has other numbers for the types and for what flow_mod can fail of.

_TYPES10 = {5: 3, 7: 4, 9: 5}
_FLOW_MOD10 = {0: 5, 1: 0, 3: 1, 4: 2, 6: 4}
_VENDOR_TYPE10, _VENDOR_TYPE = 0xB0C2, 0xFFFF
_NICIRA_CODES = ((21, 511), (0xFFFF, 499))
"""How far OpenFlow 1.0's codes are from the later types, up to which type."""


@encodes(Error)
def _encode_error(message: Error, version: int, xid: int) -> bytes:
    kind, code, experimenter = message.type, message.code, message.experimenter
    if kind == 17 and version == OF13 and not experimenter:
        # Bundles came with OpenFlow 1.4; before, they and their errors are an experimenter's.
        kind, code, experimenter = 2300 + code, 0, ONF
    if experimenter:
        head = _VENDOR_ERROR.pack(_VENDOR_TYPE, kind, experimenter)
        if version == OF10:
            # Nicira's errors are there requests that failed, with codes from 512 on.
            far = next(far for last, far in _NICIRA_CODES if kind <= last)
            head = _SHORTS.pack(_VENDOR_TYPE10, 0) + _WORD.pack(experimenter) + _SHORTS.pack(1, kind + far)
        return frame(ERROR, version, xid, head + message.data)
    if version == OF10:
        kind, code = (3, _FLOW_MOD10.get(code, 5)) if kind == 5 else (_TYPES10.get(kind, kind if kind < 3 else 1), code)
    return frame(ERROR, version, xid, _SHORTS.pack(kind, code) + message.data)


@decodes(ERROR)
def _decode_error(body: bytes, version: int) -> Message:
    kind, code = _SHORTS.unpack_from(body)
    if version == OF10 and kind == _VENDOR_TYPE10:
        _, code = _SHORTS.unpack_from(body, 8)
        kind = next((code - far for last, far in _NICIRA_CODES if 0 <= code - far <= last), code)
        return Error(kind, 0, body[12:], _WORD.unpack_from(body, 4)[0])
    if version == OF10:
        later, codes = {first: last for last, first in _TYPES10.items()}, {first: last for last, first in _FLOW_MOD10.items()}
        return Error(later.get(kind, kind), codes.get(code, code) if kind == 3 else code, body[4:])
    if kind == _VENDOR_TYPE:
        _, subtype, experimenter = _VENDOR_ERROR.unpack_from(body)
        if experimenter == ONF and 2300 <= subtype < 2400:
            return Error(17, subtype - 2300, body[8:])
        return Error(subtype, 0, body[8:], experimenter)
    return Error(kind, code, body[4:])


@encodes(EchoRequest)
def _encode_echo(message: EchoRequest, version: int, xid: int) -> bytes:
    return frame(ECHO_REQUEST, version, xid, message.data)


@encodes(EchoReply)
def _encode_echo_reply(message: EchoReply, version: int, xid: int) -> bytes:
    return frame(ECHO_REPLY, version, xid, message.data)


@decodes(ECHO_REQUEST)
def _decode_echo(body: bytes, version: int) -> Message:
    return EchoRequest(body)


@decodes(ECHO_REPLY)
def _decode_echo_reply(body: bytes, version: int) -> Message:
    return EchoReply(body)


@encodes(Experimenter)
def _encode_experimenter(message: Experimenter, version: int, xid: int) -> bytes:
    return vendor_frame(message.kind, version, xid, message.data, message.experimenter)


_EMPTY: dict[type, int] = {
    FeaturesRequest: FEATURES_REQUEST, GetConfigRequest: GET_CONFIG_REQUEST, BarrierRequest: BARRIER_REQUEST,
    BarrierReply: BARRIER_REPLY, GetAsyncRequest: GET_ASYNC_REQUEST,
}  # fmt: skip


@encodes(*_EMPTY)
def _encode_empty(message: Message, version: int, xid: int) -> bytes:
    return frame(_EMPTY[type(message)], version, xid, b"")


@decodes(FEATURES_REQUEST)
def _decode_features_request(body: bytes, version: int) -> Message:
    return FeaturesRequest()


@decodes(GET_CONFIG_REQUEST)
def _decode_get_config(body: bytes, version: int) -> Message:
    return GetConfigRequest()


@decodes(BARRIER_REQUEST)
def _decode_barrier(body: bytes, version: int) -> Message:
    return BarrierRequest()


@decodes(BARRIER_REPLY)
def _decode_barrier_reply(body: bytes, version: int) -> Message:
    return BarrierReply()


@decodes(GET_ASYNC_REQUEST)
def _decode_get_async(body: bytes, version: int) -> Message:
    return GetAsyncRequest()


_GROUP_STATS, _ARP_MATCH_IP = 1 << 3, 1 << 7


@encodes(FeaturesReply)
def _encode_features(message: FeaturesReply, version: int, xid: int) -> bytes:
    last = message.actions if version == OF10 else 0
    auxiliary = 0 if version == OF10 else message.auxiliary_id
    # OpenFlow 1.0 has no groups: their bit meant STP there, and another one says that ARP's addresses can be matched.
    capabilities = message.capabilities & ~_GROUP_STATS | _ARP_MATCH_IP if version == OF10 else message.capabilities
    body = _FEATURES.pack(message.datapath_id, message.buffers, message.tables, auxiliary, capabilities, last)
    return frame(FEATURES_REPLY, version, xid, body + (encode_ports(message.ports, version) if version == OF10 else b""))


@decodes(FEATURES_REPLY)
def _decode_features(body: bytes, version: int) -> Message:
    datapath_id, buffers, tables, auxiliary, capabilities, last = _FEATURES.unpack_from(body)
    ports = decode_ports(body[24:], version) if version == OF10 else ()
    if version == OF10:
        capabilities = capabilities & ~_ARP_MATCH_IP | _GROUP_STATS
    return FeaturesReply(datapath_id, tables, buffers, auxiliary, capabilities, last if version == OF10 else 0, ports)


@encodes(GetConfigReply, SetConfig)
def _encode_config(message: GetConfigReply | SetConfig, version: int, xid: int) -> bytes:
    kind = SET_CONFIG if isinstance(message, SetConfig) else GET_CONFIG_REPLY
    return frame(kind, version, xid, _SHORTS.pack(message.flags, message.miss_send_len))


@decodes(GET_CONFIG_REPLY)
def _decode_config(body: bytes, version: int) -> Message:
    return GetConfigReply(*_SHORTS.unpack(body))


@decodes(SET_CONFIG)
def _decode_set_config(body: bytes, version: int) -> Message:
    return SetConfig(*_SHORTS.unpack(body))


# Roles. Nicira's numbers start at OTHER, which is EQUAL.


@encodes(RoleRequest, RoleReply)
def _encode_role(message: RoleRequest | RoleReply, version: int, xid: int) -> bytes:
    is_request = isinstance(message, RoleRequest)
    if version == OF10:
        if message.role is Role.NOCHANGE:
            raise unsupported("question for the role", version)
        return vendor_frame(NXT_ROLE_REQUEST if is_request else NXT_ROLE_REPLY, version, xid, _WORD.pack(message.role - 1))
    generation = _NO_GENERATION if message.generation_id is None else message.generation_id
    return frame(ROLE_REQUEST if is_request else ROLE_REPLY, version, xid, _ROLE.pack(message.role, generation))


def _role(number: int) -> Role:
    if not 0 <= number <= 3:
        raise OpenFlowError(Fault.ROLE_BAD, f"role {number}")
    return Role(number)


def _generation(number: int) -> int | None:
    return None if number == _NO_GENERATION else number


@decodes(ROLE_REQUEST)
def _decode_role_request(body: bytes, version: int) -> Message:
    role, generation = _ROLE.unpack(body)
    return RoleRequest(_role(role), _generation(generation))


@decodes(ROLE_REPLY)
def _decode_role_reply(body: bytes, version: int) -> Message:
    role, generation = _ROLE.unpack(body)
    return RoleReply(_role(role), _generation(generation))


@decodes_vendor(NXT_ROLE_REQUEST)
def _decode_nicira_role(body: bytes, version: int) -> Message:
    return RoleRequest(_role(_WORD.unpack(body)[0] + 1))


@decodes_vendor(NXT_ROLE_REPLY)
def _decode_nicira_role_reply(body: bytes, version: int) -> Message:
    return RoleReply(_role(_WORD.unpack(body)[0] + 1))


@encodes(RoleStatus)
def _encode_role_status(message: RoleStatus, version: int, xid: int) -> bytes:
    generation = _NO_GENERATION if message.generation_id is None else message.generation_id
    body = _ROLE_STATUS.pack(message.role, message.reason, generation)
    if version == OF10:
        raise unsupported("role status", version)
    return vendor_frame(ONFT_ROLE_STATUS, version, xid, body, ONF) if version == OF13 else frame(ROLE_STATUS, version, xid, body)


@decodes(ROLE_STATUS)
@decodes_vendor(ONFT_ROLE_STATUS, ONF)
def _decode_role_status(body: bytes, version: int) -> Message:
    role, reason, generation = _ROLE_STATUS.unpack_from(body)
    return RoleStatus(_role(role), reason, _generation(generation))


# Which unasked messages come: masks in OpenFlow 1.3, properties (slave, then master) in 1.4.


@encodes(SetAsync, GetAsyncReply)
def _encode_async(message: SetAsync | GetAsyncReply, version: int, xid: int) -> bytes:
    config = message.config
    kinds = (config.packet_in, config.port_status, config.flow_removed)
    masks = [mask for pair in kinds for mask in pair]
    if version == OF10:
        if isinstance(message, GetAsyncReply):
            raise unsupported("reply about unasked messages", version)
        return vendor_frame(NXT_SET_ASYNC, version, xid, _ASYNC.pack(*masks))
    kind = SET_ASYNC if isinstance(message, SetAsync) else GET_ASYNC_REPLY
    if version < OF14:
        return frame(kind, version, xid, _ASYNC.pack(*masks))
    properties = (encode_property(2 * n + (not slave), _WORD.pack(pair[slave])) for n, pair in enumerate(kinds) for slave in (1, 0))
    return frame(kind, version, xid, b"".join(properties))


@decodes_vendor(NXT_SET_ASYNC)
def _decode_nicira_async(body: bytes, version: int) -> Message:
    return SetAsync(_masks(_ASYNC.unpack(body)))


@decodes(SET_ASYNC)
def _decode_set_async(body: bytes, version: int) -> Message:
    return SetAsync(_async(body, version))


@decodes(GET_ASYNC_REPLY)
def _decode_async_reply(body: bytes, version: int) -> Message:
    return GetAsyncReply(_async(body, version))


def _masks(masks: tuple[int, ...]) -> AsyncConfig:
    return AsyncConfig((masks[0], masks[1]), (masks[2], masks[3]), (masks[4], masks[5]))


def _async(body: bytes, version: int) -> AsyncConfig:
    if version < OF14:
        return _masks(_ASYNC.unpack(body))
    masks = [0] * 6
    for kind, payload in read_properties(body):
        if kind < 6 and len(payload) == 4:
            masks[kind ^ 1] = int.from_bytes(payload, "big")
        elif kind < 6:
            raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"property {kind} of {len(payload)} bytes")
    return _masks(tuple(masks))
