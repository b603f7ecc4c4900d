"""Pages, filters, and parameters that are wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpdesk_recovery.storage import cases


async def _pages(api: Any, path: str) -> list[list[Any]]:
    """Follow ``next`` to the end."""
    pages, token, following = [], await api.token(api.ours), path
    while following:
        page = await (await api.get(following, token)).json()
        pages.append(page["items"])
        following = page["next"]
    return pages


async def test_cases_come_in_pages_the_newest_first_and_each_once(api_on_both: Any) -> None:
    """Four of them were touched at the same microsecond: a page may end between them."""
    api = api_on_both
    for number, minutes in enumerate((1, 5, 5, 5, 5, 9), start=2):
        await api.add_case(api.ours, str(number), api.start + timedelta(minutes=minutes, microseconds=7))
    pages = await _pages(api, "/api/v1/cases?limit=2")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    found = [one for page in pages for one in page]
    assert sorted(one["id"] for one in found) == sorted(api.ours.case_ids)
    times = [one["updated_at"] for one in found]
    assert times == sorted(times, reverse=True)
    assert [one["ticket_id"] for one in found][0::6] == ["7", "1"]


async def test_offers_come_in_pages_the_newest_first_and_each_once(api_on_both: Any) -> None:
    api = api_on_both
    case_id = api.ours.case_ids[0]
    for minutes in range(1, 5):
        await api.add_offer(api.ours, case_id, "1", api.start + timedelta(minutes=minutes))
    pages = await _pages(api, "/api/v1/offers?limit=2")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one["reference"] for page in pages for one in page] == api.ours.references[::-1]


async def test_a_page_that_holds_all_has_no_next(api: Any) -> None:
    for path in ("cases?limit=1", "cases", "offers?limit=1", "offers"):
        assert (await api.read(f"/api/v1/{path}"))["next"] is None


async def test_the_next_page_keeps_what_was_asked(api: Any) -> None:
    for number in ("2", "3"):
        await api.add_case(api.ours, number, api.start + timedelta(minutes=int(number)))
    page = await api.read("/api/v1/cases?state=open&connection=shop&limit=1")
    for part in ("/api/v1/cases?", "state=open", "connection=shop", "limit=1", "after="):
        assert part in page["next"]


async def test_cases_are_filtered_by_state_and_connection(api_on_both: Any) -> None:
    api = api_on_both
    closed = await api.add_case(api.ours, "2", api.start)
    await api.services.database.write(lambda sql: cases.close(sql, closed, "the ticket was deleted"))
    found = {
        state: (await api.read(f"/api/v1/cases?state={state}&connection=shop"))["items"]
        for state in ("open", "closed", "stuck")
    }
    assert {state: [one["ticket_id"] for one in items] for state, items in found.items()} == {
        "open": ["1"],
        "closed": ["2"],
        "stuck": [],
    }
    assert found["closed"][0]["reason"] == "the ticket was deleted"


async def test_an_unknown_connection_is_said(api: Any) -> None:
    answer = await api.get("/api/v1/cases?connection=shpo", await api.token(api.ours))
    assert answer.status == 404
    assert "shpo" in (await answer.json())["detail"]


WRONG = {
    "/api/v1/cases?limit=0": "limit",
    "/api/v1/cases?limit=201": "limit",
    "/api/v1/cases?limit=x": "limit",
    "/api/v1/cases?limit=": "limit",
    "/api/v1/cases?limit=1e3": "limit",
    "/api/v1/cases?limit=9999999999999999999999": "limit",
    "/api/v1/cases?limit=5&limit=6": "limit",
    "/api/v1/cases?state=gone": "state",
    "/api/v1/cases?state=open&state=closed": "state",
    "/api/v1/cases?connection=": "connection",
    "/api/v1/cases?connection=a%00b": "connection",
    "/api/v1/cases?connection=%ED%A0%80": "connection",
    "/api/v1/cases?connection=shop%0A": "connection",
    "/api/v1/cases?after=": "after",
    "/api/v1/cases?after=x": "after",
    "/api/v1/cases?after=1": "after",
    "/api/v1/cases?after=-1.case_1": "after",
    "/api/v1/cases?after=99999999999999999.case_1": "after",
    "/api/v1/cases?after=1.case'--": "after",
    "/api/v1/cases?account=acct_1": "account",
    "/api/v1/cases?x": "x",
    "/api/v1/offers?after=0": "after",
    "/api/v1/offers?after=-1": "after",
    "/api/v1/offers?after=1.5": "after",
    "/api/v1/offers?after=99999999999999999999": "after",
    "/api/v1/offers?limit=1000": "limit",
    "/api/v1/offers?state=open": "state",
}


async def test_a_wrong_parameter_is_named(api: Any) -> None:
    token, named = await api.token(api.ours), {}
    for path in WRONG:
        answer = await api.get(path, token)
        assert (answer.status, answer.content_type) == (422, "application/problem+json"), path
        assert answer.headers["Cache-Control"] == "no-store"
        named[path] = (await answer.json())["detail"].split(":")[0]
    assert named == WRONG


async def test_all_wrong_parameters_are_named_together(api: Any) -> None:
    answer = await api.get("/api/v1/cases?limit=0&state=x&y=1", await api.token(api.ours))
    detail = (await answer.json())["detail"]
    assert all(f"{name}: " in detail for name in ("limit", "state", "y"))
