"""The contract's part on the folder: instructions for people, and an honest list of what is done."""

from __future__ import annotations

import tomllib
from urllib.parse import urlsplit

from helpdesk_recovery.sdk.testing.subject import HelpdeskSubject

HEADINGS = ("Set it up", "What it can do", "Known limits")

QUALITY_RULES = {
    "signature": "verifies every delivery, over the raw bytes where the helpdesk can sign",
    "stable_key": "the same happening has the same key by webhook, redelivery and poll",
    "fixture_per_event": "has a recorded delivery for every event it declares",
    "setup_documented": "the README leads a newcomer from nothing to the first note",
    "loop_guard": "knows its own writing by author and by marker",
    "idempotent_writes": "an uncertain write is found again and not repeated",
    "rate_limits": "obeys Retry-After",
    "check": "doctor checks reach, token and rights with real calls",
    "poll": "finds what a webhook missed",
    "panel": "shows the suggestion beside the ticket",
    "real_product": "runs against the real helpdesk in our tests",
}
"""What quality.toml answers, each with "done", "todo" or { exempt = "why" }, under [rules]."""


class FolderContract(HelpdeskSubject):
    """What stands in a helpdesk's folder besides code."""

    def test_the_readme_has_its_headings(self) -> None:
        lines = (self.folder / "README.md").read_text("utf-8").splitlines()
        missing = [heading for heading in HEADINGS if f"## {heading}" not in lines]
        assert not missing, f"README.md lacks {missing}"

    def test_every_quality_rule_is_answered(self) -> None:
        rules = tomllib.loads((self.folder / "quality.toml").read_text("utf-8"))["rules"]
        assert set(rules) == set(QUALITY_RULES)
        for rule, state in rules.items():
            why = state.get("exempt") if isinstance(state, dict) else None
            assert state in ("done", "todo") or (isinstance(why, str) and why.strip()), f"{rule}: {state}"

    def test_what_quality_calls_done_is_so(self) -> None:
        rules = tomllib.loads((self.folder / "quality.toml").read_text("utf-8"))["rules"]
        assert (rules["poll"] == "done") == self.helpdesk.info.capabilities.poll

    def test_the_webhook_url_leads_to_the_door(self) -> None:
        connection = self.connection()
        for public_url in ("https://recovery.example", "https://recovery.example/"):
            url = urlsplit(self.helpdesk.webhook_url(public_url, connection))
            assert (url.scheme, url.hostname) == ("https", "recovery.example")
            assert url.path == f"/webhooks/{self.helpdesk.info.name}/{connection.name}"

    def test_setting_up_says_which_url_to_call(self) -> None:
        connection = self.connection()
        url = self.helpdesk.webhook_url("https://recovery.example", connection)
        setup = self.helpdesk.setup(connection, url)
        words = (*setup.creates, *setup.steps, *setup.options.values())
        assert any(url in text for text in words), "the set-up must name the webhook URL"

    def test_it_says_what_it_is(self) -> None:
        info = self.helpdesk.info
        assert info.name.isidentifier() and info.title and info.signature and info.events
        assert info.retries or info.poll_seconds, "without retries or polling a missed webhook is lost"
        assert info.poll_seconds is None or info.capabilities.poll
