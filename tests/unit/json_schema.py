"""Holds a value to the part of JSON Schema that the schemas in docs/ use."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any
"""Any: JSON as the parser gives it."""

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
}


def faults(value: Json, schema: Json, at: str = "$", top: Json = None) -> Iterator[str]:
    """Where a value does not fit the part of JSON Schema that our schemas use; `$ref` stays within `$defs`."""
    top = schema if top is None else top
    if "$ref" in schema:
        schema = top["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema and all(list(faults(value, one, at, top)) for one in schema["anyOf"]):
        yield f"{at} fits nothing it may be"
    wanted = schema.get("type", [])
    names = [wanted] if isinstance(wanted, str) else wanted
    if names and type(value) not in {kind for name in names for kind in TYPES[name]}:
        yield f"{at} is not {names}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is none of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at} is not like {schema['pattern']}"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at} is too short"
        for place, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), f"{at}[{place}]", top)
    if isinstance(value, dict):
        yield from _object_faults(value, schema, at, top)


def _object_faults(value: dict[str, Json], schema: Json, at: str, top: Json) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value)
    for name, item in value.items():
        rule = known.get(name, schema.get("additionalProperties", {}))
        if rule is False:
            yield f"{at}.{name} is unknown"
        else:
            yield from faults(item, rule, f"{at}.{name}", top)
