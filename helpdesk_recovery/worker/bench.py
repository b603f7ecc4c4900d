"""What a worker works with: services, open desks, policies, and the transactions its tasks share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.storage import cases, sending
from helpdesk_recovery.storage.cases import Case, Release
from helpdesk_recovery.storage.sending import Claim
from helpdesk_recovery.storage.together import Together
from helpdesk_recovery.worker.book import ConnectionBook
from helpdesk_recovery.worker.desks import Desks
from helpdesk_recovery.worker.in_hand import InHand
from helpdesk_recovery.worker.keep import Kept, keep
from helpdesk_recovery.worker.packs import Packs
from helpdesk_recovery.worker.settle import Sent, settle


class Bench:
    """Tasks for different tickets run side by side; what they read and write goes through in groups."""

    def __init__(self, services: Services, worker: str) -> None:
        self.services = services
        self.worker = worker
        self.desks = Desks(services.plugins)
        self.packs = Packs()
        self.book = ConnectionBook(services)
        self.in_hand = InHand()
        database = services.database
        self.lease: Together[str, Case | None] = Together(database, self._lease)
        self.keep: Together[Kept, None] = Together(database, self._keep)
        self.claim: Together[Effect, Claim] = Together(database, self._claim)
        self.settle: Together[Sent, bool] = Together(database, self._settle)
        self.release: Together[Release, Any] = Together(database, self._release)

    async def close(self) -> None:
        """Close every open desk."""
        await self.desks.close()

    def _lease(self, sql: Any, case_ids: Sequence[str]) -> Sequence[Case | None]:
        return cases.lease(sql, case_ids, self.worker, self.services.clock())

    def _keep(self, sql: Any, kept: Sequence[Kept]) -> Sequence[None]:
        return keep(sql, kept, self.services.clock())

    def _claim(self, sql: Any, effects: Sequence[Effect]) -> Sequence[Claim]:
        return sending.claim(sql, effects, self.services.clock())

    def _settle(self, sql: Any, sent: Sequence[Sent]) -> Sequence[bool]:
        return settle(sql, sent, self.services.clock())

    def _release(self, sql: Any, releases: Sequence[Release]) -> Sequence[Any]:
        return cases.release(sql, releases, self.worker, self.services.clock())
