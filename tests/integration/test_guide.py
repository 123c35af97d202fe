"""Runs every command of the API's guide, in order, in one shell, against the server; and its Python example."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "api" / "README.md"
CONCIERGE = os.environ.get("CONCIERGE_URL", "http://localhost:8000")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def test_every_command_of_the_guide_works():
    commands = blocks("sh")
    assert len(commands) >= 12
    # A line that names each block, so that the last one named is the one that broke.
    script = "\n".join(f"echo '== block {number}'\n{block}\necho" for number, block in enumerate(commands, 1))
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={**os.environ, "VOSTRO": CONCIERGE, "VOSTRO_ADMIN_TOKEN": os.environ.get("VOSTRO_ADMIN_TOKEN", "")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
    transfers = re.findall(r'^"transfer_id":"(trf_\w+)"$', ran.stdout, re.MULTILINE)
    assert len(transfers) == 2 and len(set(transfers)) == 1, "sent twice, paid once"


def test_every_operation_is_in_the_guide():
    document = httpx.get(f"{CONCIERGE}/openapi.json").json()
    guide = " ".join(blocks("sh"))
    # What stands in braces is a variable of the shell there, or a name.
    missing = [
        path
        for path in document["paths"]
        if not path.startswith("/api/v1/admin")
        and not re.search(re.sub(r"\\\{\w+\\\}", r"[$\\w-]+", re.escape(path)) + r"[\"?]", guide)
    ]
    assert missing == []


def test_the_python_example_works():
    (example,) = blocks("python")
    code = example.replace("http://127.0.0.1:8000", CONCIERGE)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "sdk" / "python" / "src")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Done" in ran.stdout
