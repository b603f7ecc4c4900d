"""No account sees anything of another: every route against every foreign id, on both databases."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_recovery.web.api.routes import ROUTES


def _foreign(api: Any) -> list[str]:
    """Every route that takes an id or a name, with every id and name of the other account in its place."""
    names = [*api.theirs.case_ids, *api.theirs.references, f"conn_{api.theirs.connection}", api.theirs.account]
    paths = [one.path.replace("{id}", name).replace("{reference}", name) for one in ROUTES for name in names]
    return [
        *(path for path in paths if not path.endswith(tuple(one.path for one in ROUTES))),
        "/api/v1/cases?connection=rival",
    ]


async def test_a_foreign_id_is_404_whatever_the_route(api_on_both: Any) -> None:
    api = api_on_both
    token = await api.token(api.ours)
    asked = _foreign(api)
    answers = [await api.get(path, token) for path in asked]
    assert [answer.status for answer in answers] == [404] * len(asked)
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert len(asked) == 4 * sum("{" in one.path for one in ROUTES) + 1
    foreign = {await answer.text() for answer in answers if "/cases/" in str(answer.url)}
    unknown = await (await api.get("/api/v1/cases/case_unknown", token)).text()
    assert foreign == {unknown}, "the answer tells that the id exists elsewhere"


async def test_the_same_ids_are_found_by_their_own_account(api_on_both: Any) -> None:
    api = api_on_both
    for tenant in (api.ours, api.theirs):
        assert (await api.read(f"/api/v1/cases/{tenant.case_ids[0]}", tenant))["id"] == tenant.case_ids[0]
        assert (await api.read(f"/api/v1/offers/{tenant.references[0]}", tenant))["reference"] == tenant.references[0]


async def test_listings_show_the_own_account_only(api_on_both: Any) -> None:
    api = api_on_both
    for mine, other in ((api.ours, api.theirs), (api.theirs, api.ours)):
        for path in ("connections", "cases", "offers", "users"):
            found = await api.read(f"/api/v1/{path}", mine)
            assert len(found["items"]) == 1
            assert mine.connection in json.dumps(found)
            for name in (other.account, other.connection, *other.case_ids, *other.references):
                assert name not in json.dumps(found)


async def test_the_place_of_a_foreign_page_opens_nothing(api_on_both: Any) -> None:
    api = api_on_both
    behind = f"9999999999999999.{api.theirs.case_ids[0]}"
    found = await api.read(f"/api/v1/cases?after={behind}")
    assert [one["id"] for one in found["items"]] == api.ours.case_ids
