"""The JSON Schema of the JSON forms, written from the annotations of the values."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal

from trialink.linked_text import LinkedText
from trialink.model.ids import TrialId
from trialink.model.links import Link, Trial
from trialink.model.mentions import Mention, NameMention, Problem, Span
from trialink.model.name_resolutions import NameResolution
from trialink.model.resolutions import Resolution
from trialink.model.value import Value, field_hints
from trialink.model.words import CheckDigit
from trialink.rendering.kinds import KINDS
from trialink.rendering.plain_json import SCHEMA_VERSION

Schema = dict[str, Any]
_ALONE = (Mention, NameMention, Problem, Resolution, Link, Trial)
_SCALARS: dict[Any, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    TrialId: "string",
    type(None): "null",
}
_NUMBER: Schema = {"type": "string"}  # a trial number in its canonical form


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of every object that `render` writes.

    Each object is one of mention, name, problem, resolution, link, trial and linked_text, told
    apart by `type`. Every field is required, but for `source` of a span, which is there only
    when several texts are linked, and `name_resolutions`, only when names are looked up. Later
    releases may add fields, and allow them here already. Loads pydantic, which describes the
    records. https://json-schema.org/draft/2020-12

    >>> import trialink
    >>> [form["properties"]["type"]["const"] for form in trialink.schema()["oneOf"]]
    ['mention', 'name', 'problem', 'resolution', 'link', 'trial', 'linked_text']
    """
    definitions: dict[str, Schema] = {}
    alternatives = [_headed(_object(kind, definitions), KINDS[kind.__name__]) for kind in _ALONE]
    alternatives.append(_headed(_linked_text(definitions), "linked_text"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"trialink, version {SCHEMA_VERSION} of the JSON forms",
        "oneOf": alternatives,
        "$defs": dict(sorted(definitions.items())),
    }


def _headed(form: Schema, kind: str) -> Schema:
    """Return an object's schema with the fields that head it when it stands alone."""
    head = {
        "schema_version": {"const": SCHEMA_VERSION},
        "type": {"const": kind},
        "source": {"type": ["string", "null"]},
    }
    optional = frozenset(form["properties"].keys() - form["required"])
    return _required(head | form["properties"], optional=optional)


def _required(properties: dict[str, Schema], *, optional: frozenset[str] = frozenset()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _object(kind: type[Value], definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a value's JSON form."""
    properties = {name: _of(hint, definitions) for name, hint in field_hints(kind).items()}
    if kind is Mention:
        properties |= {"registry": _of(str, definitions)}
        properties |= {"check_digit": _of(CheckDigit | None, definitions)}
    if kind is Trial:
        for name in ("preferred", "resolutions", "agreement"):
            del properties[name]
    return _required(properties, optional=frozenset({"source"} if kind is Span else ()))


def _linked_text(definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a linked text, whose trials give their records by number."""
    trial = _object(Trial, definitions)
    trial["properties"]["records"] = _array(_NUMBER)
    definitions["TrialInText"] = trial
    lists = {
        "mentions": list[Mention],
        "resolutions": list[Resolution],
        "name_resolutions": list[NameResolution],
    }
    hints = {name: hint for name, hint in field_hints(LinkedText).items() if name != "text"}
    properties = {
        name: _array({"$ref": "#/$defs/TrialInText"})
        if name == "trials"
        else _of(lists.get(name, hint), definitions)
        for name, hint in hints.items()
    }
    return _required(properties, optional=frozenset({"name_resolutions"}))


def _record(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a record or of a part of it, from the fields that pydantic reads."""
    properties = {
        name: _of(field.annotation, definitions) for name, field in kind.model_fields.items()
    }
    if kind.__name__ == "Record":
        computed = {"registry": _of(str, definitions), "url": _of(str | None, definitions)}
        properties = {"id": _NUMBER} | computed | properties
    return _required(properties)


def _of(hint: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of an annotation; definitions of values are added on the way."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is typing.Annotated:
        return _of(arguments[0], definitions)
    if origin in (tuple, list):
        return _array(_of(arguments[0], definitions))
    if origin in (typing.Union, types.UnionType):
        return _any_of([_of(each, definitions) for each in arguments])
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    return _defined(hint, definitions)


def _any_of(options: list[Schema]) -> Schema:
    """Return what matches one of the options, in the shortest form."""
    if all(set(option) == {"type"} for option in options):
        return {"type": [option["type"] for option in options]}
    if any("enum" in option for option in options) and not any("$ref" in o for o in options):
        return {"enum": [word for option in options for word in option.get("enum", (None,))]}
    return {"anyOf": options}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _defined(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return a reference to the definition of a value, which is made when it is first met."""
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # stands in while its own fields are being read
        read = _object if issubclass(kind, Value) else _record
        definitions[name] = read(kind, definitions)
    return {"$ref": f"#/$defs/{name}"}
