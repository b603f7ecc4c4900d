"""The contract's part on reading: every fixture to its golden, and Unreadable, nothing else, for the rest."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from helpdesk_recovery.domain.delivery import Ignored
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.errors import Unreadable
from helpdesk_recovery.sdk.testing.hostile import grown, hostile_bodies, hostile_documents, mutated, widened
from helpdesk_recovery.sdk.testing.recorded import Recorded, as_json, golden
from helpdesk_recovery.sdk.testing.subject import HelpdeskSubject, assert_sound, document, starts_a_case

_MARKER = re.compile(rb"HR-[2-9A-HJ-NP-Z]{8}")


class ReadingContract(HelpdeskSubject):
    """What a helpdesk's ``read`` must do.

    Fixtures named ``echo…`` are our own note or reply coming back, with its reference in it. Fixtures named
    ``quoted…`` are a requester's reply that quotes what we wrote.
    """

    def test_has_a_fixture_for_every_event(self) -> None:
        read = {result.kind for result in map(self.read, self.recorded()) if isinstance(result, TicketEvent)}
        assert read == self.helpdesk.info.events, "info.events and the fixtures differ"

    def test_reads_to_its_golden(self, recorded: Recorded) -> None:
        result = self.read(recorded)
        assert_sound(result)
        assert as_json(result) == golden(recorded, result)

    def test_a_redelivery_has_the_same_key(self, recorded: Recorded) -> None:
        later = dataclasses.replace(self.delivery(recorded), received_at=self.now + timedelta(hours=7), id="d2")
        again = self.helpdesk.read(later, self.connection())
        assert as_json(again) == as_json(self.read(recorded))

    def test_our_own_writing_is_ignored(self) -> None:
        echoes = self._named("echo")
        assert echoes, "record our own note coming back as fixtures/echo….http"
        for recorded in echoes:
            assert isinstance(self.read(recorded), Ignored), f"{recorded.name} would be worked again"

    def test_our_own_writing_is_known_by_its_author(self) -> None:
        for recorded in self._named("echo"):
            body = _MARKER.sub(b"for you", recorded.body)
            assert isinstance(self.read_body(recorded, body), Ignored), f"{recorded.name} without its marker"

    def test_our_own_writing_is_known_by_its_marker(self) -> None:
        marked = [recorded for recorded in self._named("echo") if _MARKER.search(recorded.body)]
        assert marked, "record an echo with a reference such as HR-7F3K2M4Q in it"
        for recorded in marked:
            stranger = dataclasses.replace(self.delivery(recorded), body=self.disguise(recorded.body))
            result = self.helpdesk.read(stranger, self.connection_without_bot())
            assert isinstance(result, Ignored), f"{recorded.name} by somebody we do not know"

    def test_a_requester_who_quotes_us_is_heard(self) -> None:
        quoted = self._named("quoted")
        if not self.helpdesk.info.capabilities.public_replies:
            pytest.skip("this helpdesk sends nothing of ours to requesters")
        assert quoted, "record a requester's reply that quotes our reply as fixtures/quoted….http"
        for recorded in quoted:
            assert _MARKER.search(recorded.body), f"{recorded.name} quotes no reference"
            assert starts_a_case(self.read(recorded)), f"{recorded.name} was taken for our own writing"

    def test_only_the_requester_starts_a_case(self) -> None:
        results = [self.read(recorded) for recorded in self.recorded()]
        assert any(starts_a_case(result) for result in results)
        assert not all(starts_a_case(result) for result in results), "record what agents and the system do too"
        for result in results:
            assert_sound(result)

    def test_does_not_mind_fields_it_has_never_heard_of(self, recorded: Recorded) -> None:
        body = _bytes(widened(document(recorded)))
        assert as_json(self.read_body(recorded, body)) == as_json(self.read(recorded))

    def test_survives_bodies_that_are_not_json(self, recorded: Recorded) -> None:
        for body in hostile_bodies(recorded.body):
            self._reads_or_gives_up(recorded, body)

    def test_survives_every_value_being_wrong(self, recorded: Recorded) -> None:
        for hostile in hostile_documents(document(recorded)):
            self._reads_or_gives_up(recorded, _bytes(hostile))

    def test_survives_a_thousand_messages(self, recorded: Recorded) -> None:
        self._reads_or_gives_up(recorded, _bytes(grown(document(recorded))))

    def test_survives_any_json(self, recorded: Recorded) -> None:
        @settings(
            max_examples=40, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(mutated(document(recorded)))
        def survives(body: bytes) -> None:
            self._reads_or_gives_up(recorded, body)

        survives()

    def _named(self, start: str) -> list[Recorded]:
        return [recorded for recorded in self.recorded() if recorded.name.startswith(start)]

    def _reads_or_gives_up(self, recorded: Recorded, body: bytes) -> None:
        try:
            result = self.read_body(recorded, body)
        except Unreadable as problem:
            assert problem.reason
            return
        assert_sound(result)


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
