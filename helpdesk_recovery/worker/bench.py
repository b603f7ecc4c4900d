"""What a worker works with: services, open desks, policies, and the transactions its tasks share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.storage import cases, sending
from helpdesk_recovery.storage.cases import Case
from helpdesk_recovery.storage.sending import Claim
from helpdesk_recovery.storage.together import Together
from helpdesk_recovery.worker.book import ConnectionBook
from helpdesk_recovery.worker.desks import Desks
from helpdesk_recovery.worker.in_hand import InHand
from helpdesk_recovery.worker.keep import Kept, keep
from helpdesk_recovery.worker.packs import Packs
from helpdesk_recovery.worker.settle import Sent, Turn, give_back, settle
from helpdesk_recovery.worker.slices import Slices


class Bench:
    """Tasks for different tickets run side by side; what they read and write goes through in groups."""

    def __init__(self, services: Services, worker: str) -> None:
        self.services = services
        self.worker = worker
        self.desks = Desks(services.plugins)
        self.packs = Packs()
        self.book = ConnectionBook(services)
        self.in_hand = InHand()
        self.slices = Slices()
        database = services.database
        self.lease: Together[str, Case | None] = Together(database, self._lease)
        self.held: Together[str, datetime | None] = Together(database, self._held_until)
        self.keep: Together[Kept, bool] = Together(database, self._keep)
        self.claim: Together[Effect, Claim] = Together(database, self._claim)
        self.settle: Together[Sent, bool] = Together(database, self._settle)
        self.give_back: Together[Turn, Any] = Together(database, self._give_back)

    async def close(self) -> None:
        """Close every open desk."""
        await self.desks.close()

    def _lease(self, sql: Any, case_ids: Sequence[str]) -> Sequence[Case | None]:
        return cases.lease(sql, case_ids, self.worker, self.services.clock())

    def _held_until(self, sql: Any, case_ids: Sequence[str]) -> Sequence[datetime | None]:
        return cases.held_until(sql, case_ids, self.worker)

    def _keep(self, sql: Any, kept: Sequence[Kept]) -> Sequence[bool]:
        return keep(sql, kept, self.services.clock())

    def _claim(self, sql: Any, effects: Sequence[Effect]) -> Sequence[Claim]:
        return sending.claim(sql, effects, self.services.clock())

    def _settle(self, sql: Any, sent: Sequence[Sent]) -> Sequence[bool]:
        return settle(sql, sent, self.services.clock())

    def _give_back(self, sql: Any, turns: Sequence[Turn]) -> Sequence[Any]:
        return give_back(sql, turns, self.worker, self.services.clock())
