"""Who gets in, and what the others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk_recovery.storage import staff
from helpdesk_recovery.tokens.door import Door
from helpdesk_recovery.tokens.kind import Scope, TokenKind
from helpdesk_recovery.web.api.routes import ROUTES

PATHS = {one.path: one.scope for one in ROUTES}


def filled(api: Any, path: str) -> str:
    return path.replace("{id}", api.ours.case_ids[0]).replace("{reference}", api.ours.references[0])


async def _is_problem(answer: Any, status: int) -> Any:
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    problem = await answer.json()
    assert problem["status"] == status
    return problem


def test_every_path_of_the_api_is_in_the_table(api: Any) -> None:
    served = {route.resource.canonical for route in api.client.app.router.routes()}
    assert {path for path in served if path.startswith("/api/")} == set(PATHS)


async def test_nobody_gets_in_without_a_token(api: Any) -> None:
    for path in PATHS:
        answer = await api.get(filled(api, path))
        await _is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="helpdesk-recovery"'
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
async def test_a_route_opens_to_its_own_scope_and_to_no_other(api: Any, path: str) -> None:
    needed = PATHS[path]
    right = await api.token(api.ours, [needed] if needed else [])
    answer = await api.get(filled(api, path), right)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    if needed is None:
        return
    refused = await api.get(filled(api, path), await api.token(api.ours, set(Scope) - {needed}))
    assert needed in (await _is_problem(refused, 403))["detail"]
    assert f'scope="{needed}"' in refused.headers["WWW-Authenticate"]
    assert refused.headers["Cache-Control"] == "no-store"


async def _refused(api: Any, **headers: str) -> None:
    answer = await api.client.get("/api/v1/me", headers=headers)
    await _is_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_only_a_bearer_token_counts(api: Any) -> None:
    good = await api.token(api.ours)
    for value in (
        "",
        good,
        f"Basic {good}",
        f"Token {good}",
        "Bearer",
        "Bearer ",
        f"Bearer  {good}",
        f"Bearer {good} x",
    ):
        await _refused(api, Authorization=value)
    assert (await api.client.get("/api/v1/me", headers={"Authorization": f"bearer {good}"})).status == 200


async def test_two_tokens_at_once_are_refused(api: Any) -> None:
    good = f"Bearer {await api.token(api.ours)}"
    answer = await api.client.get("/api/v1/me", headers=[("Authorization", good), ("Authorization", good)])
    await _is_problem(answer, 401)


async def test_a_token_in_the_address_is_no_token(api: Any) -> None:
    await _is_problem(await api.get(f"/api/v1/me?access_token={await api.token(api.ours)}"), 401)


async def test_hostile_tokens_are_refused_and_nothing_breaks(api: Any) -> None:
    for token in ("a.b.c", "e30.e30.e30", "A" * 6000, ".." + "x" * 50, "\u00e9.\u00e9.\u00e9", "null", "{}", "..."):
        await _refused(api, Authorization=f"Bearer {token}")


async def test_a_token_is_over_at_its_end(api: Any) -> None:
    token = await api.token(api.ours, days=1)
    api.now += timedelta(days=1, seconds=-1)
    assert (await api.get("/api/v1/me", token)).status == 200
    api.now += timedelta(seconds=1)
    await _is_problem(await api.get("/api/v1/me", token), 401)


async def test_a_revoked_token_is_over_at_once(api: Any) -> None:
    token = await api.token(api.ours)
    assert (await api.get("/api/v1/me", token)).status == 200
    database = api.services.database
    [kept] = await database.read(lambda sql: staff.list_tokens(sql, api.ours.account))
    await database.write(lambda sql: staff.revoke_token(sql, api.ours.account, kept.id, api.now))
    await _is_problem(await api.get("/api/v1/me", token), 401)


async def test_a_token_that_we_signed_but_do_not_know_is_refused(api: Any) -> None:
    await _refused(api, Authorization=f"Bearer {api.signed(api.ours.account, 'tok_unknown')}")


async def test_a_token_of_another_account_does_not_open_ours(api: Any) -> None:
    await api.token(api.theirs)
    [kept] = await api.services.database.read(lambda sql: staff.list_tokens(sql, api.theirs.account))
    await _refused(api, Authorization=f"Bearer {api.signed(api.ours.account, kept.id)}")


async def test_a_token_of_another_kind_or_key_is_refused(api: Any) -> None:
    await api.token(api.ours)
    [kept] = await api.services.database.read(lambda sql: staff.list_tokens(sql, api.ours.account))
    other = TokenKind("accept+jwt", "helpdesk-recovery/api", timedelta(days=1))
    api_kind = TokenKind("api+jwt", "helpdesk-recovery/api", timedelta(days=1))
    for key, kind in ((api.secret_key, other), (api.secret_key[::-1], api_kind)):
        token = Door(key, kind).sign(api.ours.account, kept.id, api.now, timedelta(hours=1))
        await _refused(api, Authorization=f"Bearer {token}")


async def test_me_says_who_asks(api: Any) -> None:
    answer = await api.get("/api/v1/me", await api.token(api.ours, [Scope.OFFERS_READ, Scope.CASES_READ]))
    me = await answer.json()
    assert (me["account"], me["account_name"], me["token_name"]) == (api.ours.account, "default", "test")
    assert me["scopes"] == ["cases:read", "offers:read"]
    assert me["expires_at"] == "2026-03-31T12:00:00Z"


async def test_nothing_secret_is_ever_said(api: Any) -> None:
    token = await api.token(api.ours)
    for path in (*(filled(api, one) for one in PATHS), "/openapi.json", "/api/v1/cases/case_x", "/api/v1/cases?x=1"):
        answer = await api.get(path, token)
        said = await answer.text() + str(answer.headers)
        for canary in (*api.canaries, api.secret_key, token, token.rsplit(".", 1)[1], "sealed"):
            assert canary not in said, path


async def test_what_is_not_there_and_what_cannot_be_done_are_problems_too(api: Any) -> None:
    token = await api.token(api.ours)
    await _is_problem(await api.get("/api/v1/nothing", token), 404)
    headers = {"Authorization": f"Bearer {token}"}
    for path in PATHS:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = await api.client.request(method, filled(api, path), headers=headers)
            await _is_problem(answer, 405)
            assert "GET" in answer.headers["Allow"]
