"""The demonstration's Request Tracker: real, in one folder, and started again where it stopped."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

import helpdesk_recovery_webhooks.request_tracker as folder
from helpdesk_recovery.sdk import Sample
from helpdesk_recovery_webhooks.request_tracker.demo import DEMO, PACKAGES, RequestTrackerDemo
from helpdesk_recovery_webhooks.request_tracker.demo.site import SETUP, Site, lacking

LACKING = DEMO.missing()
NOBODY = "http://127.0.0.1:9/webhooks/request_tracker/rt"
SECRET = "real-rt-tests-5b1e0c7a92d4"
INITIALDATA = Path(folder.__file__).parent / "initialdata"


def sample(who: str) -> Sample:
    return Sample("Jane Jones", f"{who}@example.com", f"Broken kettle of {who}", "It broke on day 4.", "a note")


def insert_again(site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SETUP, "--action", "insert", "--datafile", str(INITIALDATA)],
        env=Site(site).environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_what_is_missing_comes_with_the_command_that_installs_it() -> None:
    if not lacking():
        assert LACKING is None
        return
    assert LACKING is not None and PACKAGES in LACKING


@pytest.mark.real
@pytest.mark.skipif(LACKING is not None, reason=LACKING or "")
def test_a_second_run_takes_over_and_nothing_is_written_elsewhere(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nobody listens at the webhook URL here, which must not keep a customer's mail out."""
    since = time.time()
    demo = RequestTrackerDemo(tmp_path_factory.getbasetemp() / "request-tracker-template")
    first = demo.start(tmp_path, NOBODY, SECRET, print)  # left running, as after a crash
    ticket_id = first.file_ticket(sample("jane"))
    second = demo.start(tmp_path, NOBODY, SECRET, print)
    try:
        assert (second.base_url, second.token) == (first.base_url, first.token)
        assert int(second.file_ticket(sample("june"))) > int(ticket_id)
        again = insert_again(tmp_path)
    finally:
        second.stop()
        first.stop()
    assert again.returncode != 0
    assert "is there already: nothing was changed" in again.stdout + again.stderr
    places = [Path(name) / "request-tracker5" for name in ("/etc", "/var/lib", "/var/cache", "/var/log")]
    assert [one for place in places for one in place.rglob("*") if one.stat().st_mtime > since] == []
