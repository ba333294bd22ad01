"""What every answer's model has in common: it holds the fields it names, of the types it names, and nothing more."""

import warnings
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator

Schema = dict[str, Any]
"""Any: a JSON schema as pydantic builds it."""
FILE: Final = "A file."


class AnswerDiffersWarning(UserWarning):
    """An answer holds more than its model says. Tests take it as a failure; a running centre leaves the rest out."""


def _plain_optional(schema: Schema) -> None:
    """Say of a field that may be absent what it is when it is there: these fields are never null."""
    for one in schema.get("properties", {}).values():
        one.pop("title", None)
        if one.get("default", False) is not None:
            continue
        del one["default"]
        (kind,) = [choice for choice in one.pop("anyOf") if choice != {"type": "null"}]
        one.update(kind)


class Out(BaseModel):
    """A field with the default None may be absent, and is then left out; it is never null.

    A field that is missing or of another type is a fault of the program, answered as one (`internal-error`). A field
    too many is not shown: what a model does not name may be another's secret. It is no reason to refuse the rest.
    """

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_plain_optional)

    @model_validator(mode="before")
    @classmethod
    def _named_alone(cls, value: Any) -> Any:
        """Any: what a route answers, before it is known to be of this model."""
        if not isinstance(value, Mapping) or cls.model_config.get("extra") != "forbid":
            return value
        named = {field.alias or name for name, field in cls.model_fields.items()}
        surplus = sorted(str(name) for name in value if name not in named)
        if surplus:
            warnings.warn(f"{cls.__name__} does not name {', '.join(surplus)}", AnswerDiffersWarning, stacklevel=1)
        return {name: one for name, one in value.items() if name in named}

    @model_serializer(mode="wrap")
    def _without_absent(self, fields: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a named return type would take the place of the model's schema
        """Leave out what is not there."""
        absent = {field.alias or name for name, field in type(self).model_fields.items() if field.default is None}
        return {name: one for name, one in fields(self).items() if one is not None or name not in absent}


def file_answer(media_type: str) -> dict[int | str, Schema]:
    """What the interface document says of a route that answers with a file."""
    return {200: {"description": FILE, "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}
