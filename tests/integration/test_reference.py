"""The reference pages that are made from the program say what it says."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import reference  # noqa: E402

CONCIERGE = os.environ.get("CONCIERGE_URL", "http://localhost:8000")
PAGES = ROOT / "docs" / "reference"
ANEW = "make it anew with scripts/reference.py"


@pytest.mark.skipif("VOSTRO_BIN" not in os.environ, reason="names the binary")
def test_the_command_line_is_as_documented():
    made = reference.cli(os.path.abspath(os.environ["VOSTRO_BIN"]))
    assert made == (PAGES / "cli.md").read_text(), ANEW


def test_every_metric_is_documented():
    page = (PAGES / "metrics.md").read_text()
    missing = [name for name in reference.families(reference.exposed(CONCIERGE)) if f"`{name}`" not in page]
    assert missing == [], ANEW
