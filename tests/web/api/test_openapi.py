"""The OpenAPI document is sound, and every answer is as it says."""

from __future__ import annotations

from typing import Any

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from helpdesk_recovery.web.api.routes import ROUTES


async def _document(api: Any) -> Any:
    answer = await api.get("/openapi.json")
    assert (answer.status, answer.content_type) == (200, "application/json")
    return await answer.json()


async def test_the_document_is_openapi_3_1(api: Any) -> None:
    document = await _document(api)
    assert document["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_the_document_has_every_route_and_its_scope(api: Any) -> None:
    paths = (await _document(api))["paths"]
    assert set(paths) == {one.path for one in ROUTES}
    for one in ROUTES:
        assert one.scope is None or one.scope in paths[one.path]["get"]["description"]


def _check(document: Any, path: str, status: int, kind: str, body: Any) -> None:
    """Check *body* against the schema that the document names, with nothing in it that is not described."""
    schema = document["paths"][path]["get"]["responses"][str(status)]["content"][kind]["schema"]
    validator = OAS31Validator({**schema, "components": document["components"]})
    assert [error.message for error in validator.iter_errors(body)] == []
    described = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    assert set(body) <= set(described["properties"])


async def test_every_answer_is_as_described(api: Any) -> None:
    document, token = await _document(api), await api.token(api.ours)
    for one in ROUTES:
        path = one.path.replace("{id}", api.ours.case_ids[0]).replace("{reference}", api.ours.references[0])
        answer = await api.get(path, token)
        _check(document, one.path, answer.status, answer.content_type, await answer.json())
        refused = await api.get(path)
        _check(document, one.path, refused.status, refused.content_type, await refused.json())


async def test_every_refusal_is_described(api: Any) -> None:
    document, token, bare = await _document(api), await api.token(api.ours), await api.token(api.ours, [])
    asked = (
        ("/api/v1/cases", "", bare),
        ("/api/v1/cases", "?limit=0", token),
        ("/api/v1/cases", "?connection=x", token),
        ("/api/v1/cases/{id}", "", token),
        ("/api/v1/offers/{reference}", "", token),
    )
    statuses = []
    for path, query, with_token in asked:
        answer = await api.get(path.replace("{", "").replace("}", "") + query, with_token)
        _check(document, path, answer.status, answer.content_type, await answer.json())
        statuses.append(answer.status)
    assert statuses == [403, 422, 404, 404, 404]


async def test_every_described_parameter_is_taken(api: Any) -> None:
    document, token = await _document(api), await api.token(api.ours)
    values = {"limit": "7", "state": "open", "connection": "shop", "after": {"cases": "1.case_1", "offers": "1"}}
    for path, operations in document["paths"].items():
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "query":
                value: Any = values[parameter["name"]]
                value = value[path.rsplit("/", 1)[1]] if isinstance(value, dict) else value
                assert (await api.get(f"{path}?{parameter['name']}={value}", token)).status == 200
