"""Whether a record is of the shape that its query names."""

from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict


def faults(value: Any, shape: Any, where: str = "") -> list[str]:
    """Each place where `value` is none of `shape`, with what stands there."""
    origin, inner = get_origin(shape), get_args(shape)
    if shape is Any:
        return []
    if is_typeddict(shape):
        return _faults_of_record(value, shape, where or shape.__name__)
    if origin in (Union, UnionType):
        if value is None and NoneType in inner:
            return []
        found = [faults(value, one, where) for one in inner]
        return [] if [] in found else found[0]
    if origin is dict:
        return [fault for key, one in value.items() for fault in faults(one, inner[1], f"{where}.{key}")]
    if origin is tuple:
        return [fault for one, kind in zip(value, inner, strict=True) for fault in faults(one, kind, where)]
    if origin is not None:
        return [fault for place, one in enumerate(value) for fault in faults(one, inner[0], f"{where}[{place}]")]
    fits = type(value) in (int, float) if shape is float else type(value) is (NoneType if shape is None else shape)
    return [] if fits else [f"{where}: {value!r} is no {shape}"]


def _faults_of_record(record: Any, shape: Any, where: str) -> list[str]:
    hints = get_type_hints(shape)
    odd = [f"{where}: {name}" for name in sorted(record.keys() ^ hints.keys())]
    return odd + [
        fault for name in record.keys() & hints.keys() for fault in faults(record[name], hints[name], f"{where}.{name}")
    ]
