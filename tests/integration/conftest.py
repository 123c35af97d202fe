"""Starts the real binary for the suite, when asked to.

With VOSTRO_BIN set, it is served on free ports over an empty data folder and stopped (by its process id) at the
end. Otherwise the suite talks to CONCIERGE_URL, RAG_URL and GUARDRAILS_URL, by default localhost:8000, 8001, 8002.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

PATIENCE_S = 60
URLS = {"concierge": "CONCIERGE_URL", "rag": "RAG_URL", "guardrails": "GUARDRAILS_URL"}

# A channel whose gateway is not there: what is brought is answered, and replies wait in the outbox.
GATEWAY = {
    "name": "sms",
    "url": "http://127.0.0.1:9/vostro",
    "secret_env": "OUTBOUND",
    "inbound_secret_env": "INBOUND",
}

_running = {}


def pytest_configure(config):
    binary = os.environ.get("VOSTRO_BIN")
    if not binary or any(name in os.environ for name in URLS.values()):
        return
    folder = tempfile.TemporaryDirectory(prefix="vostro-integration-")
    ports_file = Path(folder.name) / "ports.json"
    log = open(Path(folder.name) / "vostro.log", "wb")
    server = subprocess.Popen(
        [os.path.abspath(binary), "serve", "--port", "0", "--ports-file", str(ports_file)],
        cwd=folder.name,
        env={
            "VOSTRO__DATABASE__URL": f"sqlite:{folder.name}/vostro.db",
            "VOSTRO__CHANNELS__GATEWAYS": json.dumps([GATEWAY]),
            "OUTBOUND": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
            "INBOUND": os.environ.setdefault("VOSTRO_INBOUND_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            "VOSTRO__AUTH__ADMIN_TOKEN": os.environ.setdefault("VOSTRO_ADMIN_TOKEN", "of-the-integration-tests"),
        },
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    _running.update(server=server, folder=folder, log=log)
    for role, url in _wait_for_urls(server, ports_file, Path(log.name)).items():
        os.environ[URLS[role]] = url


def pytest_unconfigure(config):
    if not _running:
        return
    server = _running["server"]
    server.terminate()
    try:
        server.wait(PATIENCE_S)
    finally:
        server.kill()
        _running["log"].close()
        _running["folder"].cleanup()
        _running.clear()


def _wait_for_urls(server, ports_file, log):
    """The roles' URLs, once every one of them is ready."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            ports = json.loads(ports_file.read_text())
            urls = {role: f"http://127.0.0.1:{ports[role]}" for role in URLS}
            if all(httpx.get(f"{url}/ready").status_code == 200 for url in urls.values()):
                return urls
        except (FileNotFoundError, ValueError, httpx.TransportError):
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready:\n{log.read_text(errors='replace')}")
