"""The OpenAPI 3.1 document, made from the route table and the models of the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from helpdesk_recovery.bundled import version
from helpdesk_recovery.web.api.query import Query
from helpdesk_recovery.web.api.route import Route

_REF = "#/components/schemas/{model}"
_REFUSALS = {401: "No token, or one that is not valid.", 403: "The token lacks the scope."}


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = Field(default=None, description="What happened, and what to do.")
    reason: str | None = Field(default=None, description="One word for programs.")


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the whole document."""
    models = [(one.answer, "serialization") for one in routes]
    _, schemas = models_json_schema([*models, (Problem, "serialization")], ref_template=_REF)  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Helpdesk Recovery", "version": version(), "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {one.path: {"get": _operation(one)} for one in routes},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made by: helpdesk-recovery token create"}
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    scope = f" Needs the scope `{route.scope}`." if route.scope else " Any token will do."
    return {
        "operationId": re.sub(r"[^a-z0-9]+", "_", route.path.removeprefix("/api/v1/")).strip("_"),
        "summary": route.summary,
        "description": f"{route.summary}.{scope}",
        "parameters": [*_in_path(route.path), *_in_query(route.query), *([_IF_NONE_MATCH] if route.single else [])],
        "responses": _responses(route),
    }


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "An ETag that you have: the answer is 304 while it is current.",
    "schema": {"type": "string"},
}


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _in_query(query: type[Query] | None) -> list[dict[str, Any]]:
    properties = query.model_json_schema()["properties"] if query else {}
    return [_parameter(name, schema) for name, schema in properties.items()]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out is never null: only its other shape is described."""
    shape = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    said = {key: value for key, value in shape.items() if key not in ("title", "description")}
    return {"name": name, "in": "query", "description": schema["description"], "schema": said}


def _responses(route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": route.summary, "content": _content("application/json", route.answer)}
    found = {"200": good, **{str(status): _problem(words) for status, words in _REFUSALS.items()}}
    if route.single:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
        found |= {"304": {"description": "You have it already."}, "404": _problem("Not in this account.")}
    if route.query:
        found |= {"404": _problem("Not in this account."), "422": _problem("A parameter is wrong; it is named.")}
    return found


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": _content("application/problem+json", Problem)}


def _content(kind: str, model: type[BaseModel]) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": _REF.format(model=model.__name__)}}}
