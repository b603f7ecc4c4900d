"""A wheel built from the sdist adds our two names only, carries its data, and passes the tests from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"helpdesk_recovery", "helpdesk_recovery_webhooks"}
# The tests that need neither a database server nor a helpdesk nor this folder's layout.
PORTABLE = ("domain", "assess", "policy", "wording", "pipeline", "sdk", "tokens", "webhooks/test_standard.py")

# These read the checkout's own pages.
_HERE_ONLY = ("--ignore=tests/webhooks/test_readme.py",)

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel of a clean copy of what git knows."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_it_adds_our_two_names_and_nothing_else(wheel: Path) -> None:
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == OURS


def test_its_version_is_the_manifests(wheel: Path) -> None:
    version = json.loads((ROOT / "manifest.json").read_text("utf-8"))["version"]
    assert wheel.name.split("-")[1] == version


def test_it_passes_the_tests_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Install it beside this environment's libraries, without the checkout, and run the portable tests."""
    home = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "tests", home / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.pytest.ini_options]")[1].split("\n[tool.")[0]
    lines = [line for line in settings.splitlines() if not line.startswith("pythonpath")]
    (home / "pyproject.toml").write_text("\n".join(["[tool.pytest.ini_options]", *lines]), "utf-8")
    python = _environment(tmp_path / "venv", wheel)
    folders = [f"tests/{name}" for name in PORTABLE]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    done = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *_HERE_ONLY, *folders],
        cwd=home, capture_output=True, text=True, env=clean, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    where = subprocess.run(
        [str(python), "-c", "import helpdesk_recovery; print(helpdesk_recovery.__file__)"],
        cwd=home, capture_output=True, text=True, env=clean, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(tmp_path))


def _environment(folder: Path, wheel: Path) -> Path:
    """Make a virtual environment that sees this one's libraries but not the checkout."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    site = next((folder / "lib").glob("python*/site-packages"))
    libraries = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    for entry in libraries.iterdir():
        if not entry.name.startswith(("helpdesk_recovery", "_helpdesk_recovery", "__pycache__")):
            (site / entry.name).symlink_to(entry)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return python
