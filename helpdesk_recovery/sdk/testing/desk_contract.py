"""The contract's part over HTTP: how a desk talks, writes once, and names what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    TicketGone,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.pipeline.ports import Desk, Written
from helpdesk_recovery.sdk.testing.fake_server import Fault, Served, redirect, serve
from helpdesk_recovery.sdk.testing.subject import HelpdeskSubject

T = TypeVar("T")
Talk = Callable[[Desk, Served], Awaitable[T]]

REFERENCE = "HR-7F3K2M4Q"
NOTE = Note(f"SUGGESTED: {{{{ 7*7 }}}} <b>€10</b> & más\nRef {REFERENCE}", f"<p>Ref {REFERENCE}</p>", REFERENCE)
_DECLARED = (HelpdeskUnavailable, HelpdeskRefused, WriteUncertain)
_LOGIN_PAGE = b"<!doctype html><title>Sign in</title>"
_ODD_ANSWERS = (b"null", b"[]", b"{}", b'""', b"0", b"[null]", b'{"id": null}', b'{"id": {}}', b"[" * 5000)


class DeskContract(HelpdeskSubject):
    """What a helpdesk's desk must do. These tests run against the fake helpdesk that the subclass gives."""

    def test_fetches_the_ticket(self) -> None:
        self._needs_asking()
        ticket = self._talk(lambda desk, served: desk.fetch_ticket(served.fake.ticket_id))
        assert ticket.id, "a ticket has its id"
        assert ticket.messages, "a ticket has its conversation"
        times = [message.created_at for message in ticket.messages]
        assert times == sorted(times), "messages come oldest first"
        assert all(moment.tzinfo is not None for moment in times)
        assert ticket.customer_messages(), "what the requester wrote is told apart"

    def test_a_note_is_internal_and_carries_its_reference(self) -> None:
        async def note(desk: Desk, served: Served) -> None:
            written = await desk.add_note(served.fake.ticket_id, NOTE)
            assert written.external_id, "what was written has an id"
            (wrote,) = served.fake.written()
            assert wrote.public is False, "a note must never reach the requester"
            assert REFERENCE in wrote.text

        self._talk(note)

    def test_a_reply_is_public(self) -> None:
        if not self.helpdesk.info.capabilities.public_replies:
            pytest.skip("this helpdesk takes no replies from us")

        async def reply(desk: Desk, served: Served) -> None:
            await desk.add_reply(served.fake.ticket_id, "We are sorry.", REFERENCE)
            (wrote,) = served.fake.written()
            assert wrote.public is True
            assert "We are sorry." in wrote.text

        self._talk(reply)

    def test_the_same_note_is_written_once(self) -> None:
        async def twice(desk: Desk, served: Served) -> None:
            await _write_once(desk, served)
            await _write_once(desk, served)
            assert len(served.fake.written()) == 1

        self._talk(twice)

    def test_another_reference_is_another_note(self) -> None:
        async def two(desk: Desk, served: Served) -> None:
            await _write_once(desk, served)
            other = Note("Ref HR-ABCDEFGH", "<p>Ref HR-ABCDEFGH</p>", "HR-ABCDEFGH")
            assert await desk.find_written(served.fake.ticket_id, other.reference) is None
            await desk.add_note(served.fake.ticket_id, other)
            assert len(served.fake.written()) == 2

        self._talk(two)

    def test_a_lost_answer_is_uncertain_and_then_found(self) -> None:
        async def lost(desk: Desk, served: Served) -> None:
            with pytest.raises(WriteUncertain):
                await desk.add_note(served.fake.ticket_id, NOTE)
            served.fault = None
            await _write_once(desk, served)
            assert len(served.fake.written()) == 1, "the write whose answer was lost happened again"

        self._talk(lost, Fault(0, on="write", handled=True))

    def test_a_server_error_on_a_write_is_uncertain(self) -> None:
        for status in (500, 502, 503, 504):
            with pytest.raises(WriteUncertain):
                self._talk(_note, Fault(status, on="write", handled=True))

    def test_too_many_requests_is_later(self) -> None:
        for talk in self._talks():
            with pytest.raises(HelpdeskUnavailable) as caught:
                self._talk(talk, Fault(429, {"Retry-After": "7"}))
            assert caught.value.retry_after == 7

    def test_a_server_error_or_no_answer_on_a_read_is_later(self) -> None:
        self._needs_asking()
        for status in (500, 502, 503, 0):
            with pytest.raises(HelpdeskUnavailable):
                self._talk(_fetch, Fault(status))

    def test_a_refused_token_is_for_the_operator(self) -> None:
        for talk in self._talks():
            for status in (401, 403):
                with pytest.raises(HelpdeskRefused) as caught:
                    self._talk(talk, Fault(status, body=b'{"detail": "no"}'))
                assert str(caught.value), "it says what to do"

    def test_an_unknown_ticket_is_not_visible_or_gone(self) -> None:
        for talk in self._talks():
            with pytest.raises((TicketNotVisible, TicketGone)):
                self._talk(talk, Fault(404, body=b'{"message": "not found"}'))

    def test_a_page_instead_of_json_is_later(self) -> None:
        self._needs_asking()
        with pytest.raises(HelpdeskUnavailable):
            self._talk(_fetch, Fault(200, {"Content-Type": "text/html"}, _LOGIN_PAGE))

    def test_a_page_after_a_write_is_never_a_reason_to_write_again(self) -> None:
        try:
            self._talk(_note, Fault(200, {"Content-Type": "text/html"}, _LOGIN_PAGE, on="write", handled=True))
        except (WriteUncertain, HelpdeskRefused):
            return

    def test_answers_of_another_shape_raise_only_declared_errors(self) -> None:
        for talk in self._talks():
            for body in _ODD_ANSWERS:
                try:
                    self._talk(talk, Fault(200, {"Content-Type": "application/json"}, body))
                except _DECLARED:
                    continue

    def test_a_redirect_is_never_followed(self) -> None:
        for talk in self._talks():
            for status in (301, 302, 307, 308):
                self._talk(_refused_without_straying(talk), redirect(status))

    def test_check_is_fine_and_says_what_is_not(self) -> None:
        checks = self._talk(lambda desk, _: desk.check())
        assert checks and all(check.ok and check.title for check in checks)
        for fault in (Fault(401), Fault(500), Fault(0), Fault(200, body=_LOGIN_PAGE)):
            checks = self._talk(lambda desk, _: desk.check(), fault)
            refused = [check for check in checks if not check.ok]
            if fault.status != 200 or self.can_be_asked:
                assert refused, f"{fault} went unnoticed"
            assert all(check.advice for check in refused), "what is not fine comes with advice"

    def test_check_writes_nothing(self) -> None:
        async def check(desk: Desk, served: Served) -> int:
            await desk.check()
            return len(served.fake.written())

        assert self._talk(check) == 0

    def test_polling_begins_now(self) -> None:
        if not self.helpdesk.info.capabilities.poll:
            pytest.skip("this helpdesk is not polled")

        async def poll(desk: Desk, _: Served) -> None:
            first = await desk.poll(None)
            assert first.events == () and first.cursor, "the first poll is only a cursor"
            assert (await desk.poll(first.cursor)).cursor

        self._talk(poll)

    def test_lists_recent_tickets(self) -> None:
        self._needs_asking()

        async def recent(desk: Desk, served: Served) -> None:
            assert served.fake.ticket_id in await desk.recent_tickets(5)
            assert len(await desk.recent_tickets(1)) == 1

        self._talk(recent)

    def _needs_asking(self) -> None:
        if not self.can_be_asked:
            pytest.skip("this desk cannot be asked: the event carries the ticket")

    def _talks(self) -> list[Talk[object]]:
        return [_fetch, _note] if self.can_be_asked else [_note]

    def _talk(self, talk: Talk[T], fault: Fault | None = None) -> T:
        """Open the desk on a fresh fake helpdesk that has *fault*, and talk to it."""
        fake = self.fake()
        if fake is None:
            pytest.skip("the subclass gives no fake helpdesk")

        async def run() -> T:
            async with serve(fake, fault) as served:
                desk = self.helpdesk.open(self.connection(served.url))
                try:
                    return await talk(desk, served)
                finally:
                    await desk.close()

        return asyncio.run(run())


async def _fetch(desk: Desk, served: Served) -> object:
    return await desk.fetch_ticket(served.fake.ticket_id)


async def _note(desk: Desk, served: Served) -> object:
    return await desk.add_note(served.fake.ticket_id, NOTE)


def _refused_without_straying(talk: Talk[object]) -> Talk[None]:
    async def run(desk: Desk, served: Served) -> None:
        with pytest.raises(HelpdeskRefused):
            await talk(desk, served)
        assert not served.strayed, "a redirect was followed, with our token"

    return run


async def _write_once(desk: Desk, served: Served) -> Written:
    """Write the note the way the line does after an uncertain write: look first."""
    found = await desk.find_written(served.fake.ticket_id, NOTE.reference)
    return found or await desk.add_note(served.fake.ticket_id, NOTE)
