"""The base of every value: frozen, compared by type and content, picklable, JSON both ways."""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False  # `typing` is loaded only when annotations must be read: start-up cost
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, Self, dataclass_transform
else:

    def dataclass_transform(**_):
        """Stand in for `typing.dataclass_transform`, which means nothing at run time."""
        return lambda cls: cls


_REQUIRED = object()
_set = object.__setattr__  # past the frozen one


@dataclass_transform(frozen_default=True)
class ValueType(type):
    """Turns the annotations of a class into slots and their assigned values into defaults.

    Annotations must be strings: every module that defines values begins with
    `from __future__ import annotations`.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ValueType:
        """Make the class: one slot for each field, defaults kept aside."""
        hints = namespace.get("__annotations__", {})
        own = [field for field, hint in hints.items() if not hint.startswith("ClassVar")]
        fields: dict[str, Any] = {}
        for base in reversed(bases):
            fields |= getattr(base, "_fields", {})
        fields |= {field: namespace.pop(field, _REQUIRED) for field in own}
        slots = (*own, *namespace.get("__slots__", ()))
        namespace |= {"__slots__": slots, "_fields": fields, "_defaults": tuple(fields.values())}
        return super().__new__(mcs, name, bases, namespace)


class Value(metaclass=ValueType):
    """A frozen record of the annotated fields, in their order.

    Values are equal when type and fields are equal. `repr` leaves out fields at their default.
    `to_dict` gives the documented JSON form in plain Python (tuples as lists, identifiers as
    their number); `from_dict` is its inverse.
    """

    _fields: ClassVar[dict[str, Any]]
    _defaults: ClassVar[tuple[Any, ...]]  # of the fields, in their order
    _positional: ClassVar[int | None] = None  # how many arguments may be given by position

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # In few steps: the catalogue, a hundred values, is made whenever the library is loaded.
        rest = self._defaults[len(args) :]
        is_usual = not kwargs and self._positional is None and _REQUIRED not in rest
        if is_usual and len(args) <= len(self._fields):
            for name, value in zip(self._fields, args + rest, strict=True):
                _set(self, name, value)
            return
        given = self._named(args, kwargs) if args else kwargs
        values = self._fields | given
        if len(values) > len(self._fields):
            wrong = [name for name in given if name not in self._fields]
            raise TypeError(f"{type(self).__name__} cannot take {', '.join(wrong)}")
        if missing := [name for name, value in values.items() if value is _REQUIRED]:
            raise TypeError(f"{type(self).__name__} needs {', '.join(missing)}")
        for name, value in values.items():
            _set(self, name, value)

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return all arguments by the names of their fields."""
        names = list(self._fields)[: self._positional]
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} positional arguments")
        given = dict(zip(names, args, strict=False))
        if twice := [name for name in kwargs if name in given]:
            raise TypeError(f"{type(self).__name__} cannot take {', '.join(twice)}")
        return given | kwargs

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; use replace({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        return type(self)(**{name: getattr(self, name) for name in self._fields} | changes)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self._values())

    def __repr__(self) -> str:
        parts = []
        for name, default in self._fields.items():
            value = getattr(self, name)
            if default is _REQUIRED:
                parts.append(repr(value))
            elif value != default:
                parts.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: documented names, documented order, plain Python values."""
        return {name: plain(getattr(self, name)) for name in self._fields}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the value whose `to_dict` is `data`; names that it does not know are ignored."""
        hints = field_hints(cls)
        return cls(**{name: revived(hints[name], data[name]) for name in hints if name in data})

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self._fields])

    def _plain(self) -> Any:
        """Return what stands for this value inside another value's JSON form."""
        return self.to_dict()

    @classmethod
    def _revived(cls, data: Any) -> Self:
        return cls.from_dict(data)


def _restored(cls: type[Value], values: tuple[Any, ...]) -> Value:
    return cls(**dict(zip(cls._fields, values, strict=True)))


def plain(value: Any) -> Any:
    """Return `value` in JSON-ready form."""
    if isinstance(value, Value):
        return value._plain()
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return value


def revived(hint: Any, data: Any) -> Any:
    """Return the Python form of JSON `data` for a field annotated with `hint`."""
    if data is None or isinstance(data, Value):
        return data
    item, values, model = _kinds(hint)
    if item is not None:
        return tuple([revived(item, each) for each in data])
    if values:
        return max(values, key=lambda kind: _shared_names(kind, data))._revived(data)
    return data if model is None else model.model_validate(data)


@cache
def _kinds(hint: Any) -> tuple[Any, tuple[type[Value], ...], Any]:
    """Return what an annotation stands for: the items of a tuple, values, or a model's class."""
    import typing

    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return arguments[0], (), None
    kinds = [kind for kind in arguments or (hint,) if isinstance(kind, type)]
    values = tuple(kind for kind in kinds if issubclass(kind, Value))
    models = (kind for kind in kinds if hasattr(kind, "model_validate"))
    return None, values, next(models, None)


def _shared_names(kind: type[Value], data: Any) -> int:
    """Return how many fields of a kind the data have: the most tells which of several it is."""
    return len(kind._fields.keys() & data.keys()) if hasattr(data, "keys") else 0


@cache
def field_hints(cls: type[Value]) -> dict[str, Any]:
    """Return the annotation of each field as an object, in the order of the fields."""
    import sys

    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        module = vars(sys.modules[base.__module__])
        hints = vars(base).get("__annotations__", {})
        own = {name: hint for name, hint in hints.items() if name in cls._fields}
        # Our own annotations, never input.
        found |= {name: eval(hint, module, _LateNames()) for name, hint in own.items()}
    return {name: found[name] for name in cls._fields}


class _LateNames(dict):  # type: ignore[type-arg]
    """The names that modules of values import for type checkers only."""

    def __missing__(self, name: str) -> Any:
        from importlib import import_module

        homes = {"Record": "sources.record", "Resolution": "model.resolutions"}
        return vars(import_module(f"trialink.{homes.get(name, 'model.words')}"))[name]
