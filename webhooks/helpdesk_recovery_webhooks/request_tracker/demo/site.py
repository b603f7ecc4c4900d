"""The files of one Request Tracker: configuration, database and tokens, in one folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from functools import cached_property
from pathlib import Path

SETUP = "/usr/sbin/rt-setup-database-5"
SERVER = "/usr/share/request-tracker5/libexec/rt-server"
MAILGATE = "/usr/bin/rt-mailgate-5"
SQLITE = "/usr/share/perl5/DBD/SQLite.pm"
_HERE = Path(__file__).resolve().parent
_MADE = ("rt.sqlite3", "recoverybot.token", "recoverybot.token.agent")

_CONFIG = """\
Set($rtname, 'rt.test');
Set($Organization, 'rt.test');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, {database});
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebPath, '');
Set($CorrespondAddress, 'rt@rt.test');
Set($CommentAddress, 'rt-comment@rt.test');
Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($LogToSTDERR, 'info');
Set(%GnuPG, Enable => 0);
Set(%SMIME, Enable => 0);
# Nothing leaves: every mail is appended to one file.
Set($MailCommand, 'testfile');
$Mail::Mailer::testfile::config{{outfile}} = {mail};
# Nothing is written under /var.
Set($WebSessionClass, 'Apache::Session::File');
$RT::VarPath = {folder};
$RT::MasonDataDir = {mason};
$RT::MasonSessionDir = {sessions};
Set($HelpdeskRecoveryURL, {webhook_url});
Set($HelpdeskRecoverySecret, {secret});
Set($HelpdeskRecoveryQueues, ['Support']);
1;
"""


def lacking() -> list[str]:
    """Return the programs of Request Tracker that are not installed."""
    return [path for path in (SETUP, SERVER, MAILGATE) if not os.access(path, os.X_OK)]


class Site:
    """Where one Request Tracker lives. The port stays the same from start to start while it is free."""

    def __init__(self, folder: Path, template: Path | None = None) -> None:
        self.folder = folder.resolve()
        self.mail = self.folder / "mail.txt"
        self._template = template
        for name in ("conf.d", "mason", "sessions"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    @cached_property
    def port(self) -> int:
        """Return the port of the last start, or another free one."""
        kept = self.folder / "port"
        port = _free_port(int(kept.read_text()) if kept.exists() else 0)
        kept.write_text(str(port))
        return port

    @property
    def base_url(self) -> str:
        """Return the URL that people and the API use."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which RT's programs read this folder instead of /etc."""
        ours = {
            "RT_SITE_CONFIG": str(self.folder / "RT_SiteConfig.pm"),
            "RT_SITE_CONFIG_DIR": str(self.folder / "conf.d"),
            "HELPDESK_RECOVERY_TOKEN_FILE": str(self.folder / "recoverybot.token"),
            "TZ": "UTC",
        }
        return {**os.environ, **ours}

    def token(self, suffix: str = "") -> str:
        """Return the API token of recoverybot, or with *suffix* ``.agent`` the agent's."""
        return (self.folder / f"recoverybot.token{suffix}").read_text()

    def configure(self, webhook_url: str, secret: str) -> None:
        """Write the configuration; only its owner can read it, since the secret is in it."""
        values = {
            "database": self.folder / "rt.sqlite3",
            "mail": self.mail,
            "folder": self.folder,
            "mason": self.folder / "mason",
            "sessions": self.folder / "sessions",
            "webhook_url": webhook_url,
            "secret": secret,
        }
        quoted = {name: _quote(str(value)) for name, value in values.items()}
        (self.folder / "RT_SiteConfig.pm").write_text("1;\n")
        path = self.folder / "conf.d" / "50-demo.pm"
        path.touch(mode=0o600)
        path.write_text(_CONFIG.format(port=self.port, **quoted), "utf-8")

    def ready(self) -> bool:
        """Tell whether the database is made; a template that has one is copied first."""
        if not self._complete(self.folder) and self._template and self._complete(self._template):
            self._copy(self._template, self.folder)
        return self._complete(self.folder)

    def make_database(self) -> None:
        """Make the database as an admin would: init, the demonstration's company, then our ``initialdata``."""
        (self.folder / "rt.sqlite3").unlink(missing_ok=True)
        self._setup("--action", "init", "--skip-create")
        self._setup("--action", "insert", "--datafile", str(_HERE / "seed.pl"))
        self._setup("--action", "insert", "--datafile", str(_HERE.parent / "initialdata"))
        (self.folder / "made").touch()
        if self._template:
            self._copy(self.folder, self._template)

    def _setup(self, *arguments: str) -> None:
        log = self.folder / "setup.log"
        with log.open("ab") as output:
            done = subprocess.run(  # noqa: S603 - fixed program, our own arguments
                [SETUP, *arguments], env=self.environment, stdout=output, stderr=output, check=False, timeout=300
            )
        if done.returncode:
            raise RuntimeError(f"rt-setup-database-5 {' '.join(arguments)} failed:\n{tail(log)}")

    @staticmethod
    def _complete(folder: Path) -> bool:
        return (folder / "made").exists()

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        """Copy what was made; the file ``made`` comes last, so that a half copy is never taken for whole."""
        target.mkdir(parents=True, exist_ok=True)
        for name in _MADE:
            shutil.copy2(source / name, target / name)
        (target / "made").touch()


def tail(log: Path) -> str:
    """Return the last 2,000 characters of *log*."""
    return log.read_text("utf-8", "replace")[-2000:] if log.exists() else "(no log)"


def _quote(text: str) -> str:
    """Return *text* as a Perl literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return _free_port(0)
        return int(probe.getsockname()[1])
