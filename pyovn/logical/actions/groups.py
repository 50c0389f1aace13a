"""A group's text: the name under which it is listed, and by which equal groups are known."""

from __future__ import annotations

from pyovn.logical.actions.environment import Bucket, GroupSpec
from pyovn.openflow import action as openflow
from pyovn.openflow.fields import Subfield


def _nat(nat: openflow.Nat) -> str:
    host = f"[{nat.address}]:{nat.port}" if nat.port and ":" in nat.address else f"{nat.address}:{nat.port}" if nat.port else nat.address
    return f"nat(dst={host})"


def _place(target: Subfield) -> str:
    return target.field.name + target.range


def _action(action: openflow.Action) -> str:
    """The few actions that buckets are made of."""
    if isinstance(action, openflow.Ct):
        nat, *remembered = action.actions
        assert isinstance(nat, openflow.Nat)
        memory = ",".join(_action(entry) for entry in remembered)
        return f"ct({_nat(nat)},commit,table={action.table},zone={action.zone},exec({memory}))"
    if isinstance(action, openflow.SetField):
        if not action.load:
            return f"set_field:{action.value}/{action.mask}->{action.field.name}"
        offset = (action.mask & -action.mask).bit_length() - 1
        target = Subfield(action.field, offset, action.mask.bit_length() - offset)
        return f"load:{action.value >> offset}->{_place(target)}"
    assert isinstance(action, openflow.Resubmit)
    return f"resubmit(,{action.table})"


def _bucket(bucket: Bucket) -> str:
    if bucket.bucket_id is not None:
        actions = ",".join(_action(action) for action in bucket.actions)
        return f"bucket=bucket_id={bucket.bucket_id},weight:{bucket.weight},actions={actions}"
    watch = f"watch_port:{bucket.watch_port}," if bucket.watch_port is not None else ""
    load, resubmit = bucket.actions
    assert isinstance(load, openflow.SetField)
    return f"bucket={watch}load={load.value:#x}->{load.field.label}[0..15],{_action(resubmit)}"


def group_text(spec: GroupSpec) -> str:
    """The group as OVN names it."""
    method = f"hash,fields({spec.hash_fields})" if spec.hash_fields else "dp_hash"
    return f"type=select,selection_method={method}," + ",".join(_bucket(bucket) for bucket in spec.buckets)
