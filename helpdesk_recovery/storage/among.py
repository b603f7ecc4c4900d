"""``column`` is one of many values, said in the same words however many there are.

A list of parameters would be another statement for each length, to be built, compiled and prepared anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class Texts(TypeDecorator[Iterable[str]]):
    """Many texts as one parameter: an array in PostgreSQL, JSON in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what this database takes."""
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        """Send a list, or its JSON."""
        texts = list(value or ())
        return texts if dialect.name == "postgresql" else json.dumps(texts)


class among(FunctionElement[bool]):  # noqa: N801 - reads as an operator
    """``among(column, values)``; *values* are texts, or the name of the parameter that will hold them."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], values: Iterable[str] | str) -> None:
        many = bindparam(values, type_=Texts()) if isinstance(values, str) else bindparam(None, values, type_=Texts())
        super().__init__(column, many)


@compiles(among, "postgresql")
def _any_of_array(element: among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **options)} = ANY ({compiler.process(values, **options)}))"


@compiles(among, "sqlite")
def _in_json(element: among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    each = f"json_each({compiler.process(values, **options)})"
    return f"({compiler.process(column, **options)} IN (SELECT value FROM {each}))"  # noqa: S608 - two compiled expressions
