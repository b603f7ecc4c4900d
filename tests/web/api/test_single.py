"""One case, one offer: all of it, and only when it changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


async def test_a_case_shows_its_whole_life(api_on_both: Any) -> None:
    api = api_on_both
    case_id, mark = api.ours.case_ids[0], api.ours.references[0]
    later = await api.add_offer(api.ours, case_id, "1", api.start + timedelta(hours=1))
    case = await api.read(f"/api/v1/cases/{case_id}")
    assert (case["connection"], case["ticket_id"], case["state"]) == ("shop", "1", "open")
    assert set(case["records"]) == {"ticket", "decision", "offer"}
    assert case["records"]["ticket"][0]["content"]["messages"][0]["text"] == "My parcel of shop is late."
    assert [one["content"]["reference"] for one in case["records"]["offer"]] == [mark, later]
    assert case["records"]["decision"][0]["made_by"] == "starter 1"
    assert [(one["key"], one["state"], one["reason"]) for one in case["effects"]] == [
        (mark, "withheld", "shadow"),
        (later, "withheld", "shadow"),
    ]


async def test_an_offer_shows_its_decision(api_on_both: Any) -> None:
    api = api_on_both
    mark = api.ours.references[0]
    offer = await api.read(f"/api/v1/offers/{mark}")
    assert (offer["reference"], offer["case_id"], offer["connection"]) == (mark, api.ours.case_ids[0], "shop")
    assert offer["created_at"] == "2026-03-01T12:00:00Z"
    assert offer["decision"]["lines"][0]["amount"] == {"minor": 1550, "currency": "EUR"}
    assert offer == (await api.read("/api/v1/offers"))["items"][0]


async def test_an_earlier_offer_of_a_case_is_still_found(api_on_both: Any) -> None:
    api = api_on_both
    await api.add_offer(api.ours, api.ours.case_ids[0], "1", api.start + timedelta(hours=1))
    for mark in api.ours.references:
        assert (await api.read(f"/api/v1/offers/{mark}"))["reference"] == mark


@pytest.mark.parametrize("name", ["case", "offer"])
async def test_what_the_caller_has_is_not_sent_again_until_it_changes(api: Any, name: str) -> None:
    case_id = api.ours.case_ids[0]
    path = f"/api/v1/cases/{case_id}" if name == "case" else f"/api/v1/offers/{api.ours.references[0]}"
    token = await api.token(api.ours)
    tag = (await api.get(path, token)).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        same = await api.get(path, token, **{"If-None-Match": known})
        assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", tag)
        assert same.headers["Cache-Control"] == "no-store"
    for other in ('"other"', "not a tag", tag.strip('"'), ""):
        assert (await api.get(path, token, **{"If-None-Match": other})).status == 200
    await api.add_offer(api.ours, case_id, "1", api.start + timedelta(hours=1))
    after = await api.get(path, token, **{"If-None-Match": tag})
    assert after.status == (200 if name == "case" else 304)


async def test_a_known_etag_opens_nothing_without_a_token(api: Any) -> None:
    path = f"/api/v1/cases/{api.ours.case_ids[0]}"
    tag = (await api.get(path, await api.token(api.ours))).headers["ETag"]
    for token, status in ((None, 401), (await api.token(api.ours, []), 403), (await api.token(api.theirs), 404)):
        for known in (tag, "*"):
            assert (await api.get(path, token, **{"If-None-Match": known})).status == status


async def test_an_id_that_can_be_none_is_404(api_on_both: Any) -> None:
    api = api_on_both
    token = await api.token(api.ours)
    for name in (
        "x",
        "%00",
        "a%00b",
        "case_%F0%9F%92%A9",
        "%ED%A0%80",
        "'%20or%201=1",
        "x" * 3000,
        "..%2f..",
        "%2e%2e",
    ):
        for kind in ("cases", "offers"):
            answer = await api.client.get(
                f"/api/v1/{kind}/{name}", headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            )
            assert (answer.status, answer.content_type) == (404, "application/problem+json"), name


async def test_connections_show_their_pilot_and_health(api: Any) -> None:
    [shop] = (await api.read("/api/v1/connections"))["items"]
    assert (shop["name"], shop["mode"], shop["only"], shop["trouble"]) == ("shop", "shadow", "", None)


async def test_users_show_their_roles(api: Any) -> None:
    [ada] = (await api.read("/api/v1/users"))["items"]
    assert (ada["email"], ada["roles"]) == ("ada@shop.example", ["admin", "agent"])
