"""``backup`` and ``restore`` as they are typed."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"


@pytest.fixture
def saved(terminal: Any, tmp_path: Path) -> Path:
    """A backup of an installation with one connection."""
    terminal.connect("shop", "--timezone", "Europe/Stockholm")
    file = tmp_path / "recovery.zip"
    terminal.works("backup", str(file))
    return file


def elsewhere(tmp_path: Path) -> dict[str, str]:
    return {"HELPDESK_RECOVERY_DATA_DIR": str(tmp_path / "elsewhere")}


def test_only_its_owner_may_read_it_and_the_secret_is_not_in_it(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with zipfile.ZipFile(saved) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"shop" in everything
    assert SECRET.encode() not in everything


def test_an_existing_file_is_left_alone(terminal: Any, saved: Path) -> None:
    before = saved.read_bytes()
    assert "is there already" in terminal.refuses("backup", str(saved))
    assert saved.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing_behind(terminal: Any, tmp_path: Path) -> None:
    assert "cannot be written" in terminal.refuses("backup", str(tmp_path / "no" / "folder" / "b.zip"))
    assert not (tmp_path / "no").exists()


def test_a_restored_one_knows_all_and_writes_nothing_yet(terminal: Any, saved: Path, tmp_path: Path) -> None:
    new = elsewhere(tmp_path)
    told = terminal.works("restore", str(saved), **new)
    assert "Nothing is written to helpdesks yet." in told
    assert "Europe/Stockholm" in terminal.works("connection", "show", "shop", **new)
    found = terminal.run("doctor", **new)
    assert found.code == 1
    assert "paused (restored from recovery.zip)" in found.out
    terminal.works("effects", "resume", **new)
    terminal.works("doctor", **new)


def test_one_that_doctor_looked_at_is_still_empty_enough(terminal: Any, saved: Path, tmp_path: Path) -> None:
    new = elsewhere(tmp_path)
    terminal.works("database", "upgrade", **new)
    terminal.works("doctor", **new)
    terminal.works("restore", str(saved), **new)


def test_one_that_is_in_use_is_not_written_over(terminal: Any, saved: Path, tmp_path: Path) -> None:
    terminal.works("effects", "pause")
    assert "not empty" in terminal.refuses("restore", str(saved))
    assert "paused by the operator" in terminal.run("doctor").out, "a refused restore changes nothing"


def test_another_key_is_said(terminal: Any, saved: Path, tmp_path: Path) -> None:
    another = {**elsewhere(tmp_path), "HELPDESK_RECOVERY_SECRET_KEY": "another-key-0123456789-abcdefghijklmnop"}
    assert "set the old key again" in terminal.refuses("restore", str(saved), **another)
    assert "shop" in terminal.works("connection", "list", **elsewhere(tmp_path)), "with the old key all is there"


def test_a_file_that_is_not_there_is_said(terminal: Any, tmp_path: Path) -> None:
    assert "is not a file" in terminal.refuses("restore", str(tmp_path / "none.zip"))


def test_a_wrong_file_is_refused_and_the_database_stays_empty(terminal: Any, saved: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "photo.zip"
    wrong.write_bytes(b"not a zip at all")
    assert "is not a backup of ours" in terminal.refuses("restore", str(wrong), **elsewhere(tmp_path))
    terminal.works("restore", str(saved), **elsewhere(tmp_path))


def _without_manifest(archive: dict[str, bytes]) -> None:
    del archive["manifest.json"]


def _other_revision(archive: dict[str, bytes]) -> None:
    archive["manifest.json"] = archive["manifest.json"].replace(b'"revision": "', b'"revision": "9')


def _no_json_manifest(archive: dict[str, bytes]) -> None:
    archive["manifest.json"] = b"<html>"


def _without_a_table(archive: dict[str, bytes]) -> None:
    del archive["effects.jsonl"]


def _a_broken_line(archive: dict[str, bytes]) -> None:
    archive["connections.jsonl"] = archive["connections.jsonl"][:-20]


def _no_date(archive: dict[str, bytes]) -> None:
    archive["accounts.jsonl"] = archive["accounts.jsonl"].replace(b'"created_at": "2', b'"created_at": "x')


@pytest.mark.parametrize(
    "damage", [_without_manifest, _other_revision, _no_json_manifest, _without_a_table, _a_broken_line, _no_date]
)
def test_a_damaged_backup_is_refused_and_leaves_nothing_half_done(
    terminal: Any,
    saved: Path,
    tmp_path: Path,
    damage: Callable[[dict[str, bytes]], None],
) -> None:
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    damage(parts)
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    told = terminal.refuses("restore", str(tmp_path / "bad.zip"), **elsewhere(tmp_path))
    assert "is not a backup of ours" in told or "restore it with that version" in told
    terminal.works("restore", str(saved), **elsewhere(tmp_path))


def test_a_file_that_was_cut_off_is_refused(terminal: Any, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(saved.read_bytes()[:-200])
    assert "is not a backup of ours" in terminal.refuses("restore", str(tmp_path / "cut.zip"), **elsewhere(tmp_path))
