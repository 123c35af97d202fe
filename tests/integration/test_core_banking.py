"""A bank that keeps its own ledger, with the real binary on both sides: the suite, and a concierge over the adapter."""

import json
import os
import socket
import subprocess
import time
import uuid

import httpx
import pytest

BINARY = os.path.abspath(os.environ.get("VOSTRO_BIN", ""))
pytestmark = pytest.mark.skipif("VOSTRO_BIN" not in os.environ, reason="names the binary")
PATIENCE_S = 60


def free_ports(count):
    """Ports that follow each other, free a moment ago."""
    for first in range(21_000 + os.getpid() % 20_000, 60_000, count):
        sockets = [socket.socket() for _ in range(count)]
        try:
            for more, each in enumerate(sockets):
                each.bind(("127.0.0.1", first + more))
            return first
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
    raise RuntimeError("no free ports")


class Process:
    def __init__(self, folder, *arguments, ready, **settings):
        self.process = subprocess.Popen(
            [BINARY, *arguments],
            cwd=folder,
            env={**os.environ, "VOSTRO__LOG__FILTER": "error", **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                if httpx.get(ready).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None and time.monotonic() < until, f"{arguments} does not get ready"
            time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def customer():
    return f"core_{uuid.uuid4().hex}"


@pytest.fixture(scope="module")
def core(tmp_path_factory, customer):
    folder = tmp_path_factory.mktemp("core")
    port = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    process = Process(
        folder, "core-banking", "serve", "--port", str(port), "--customer", customer, ready=f"{url}/v1/ready",
        VOSTRO__DATABASE__URL=f"sqlite:{folder}/core.db",
    )  # fmt: skip
    yield url, process
    process.stop()


@pytest.fixture(scope="module")
def concierge(tmp_path_factory, core):
    folder = tmp_path_factory.mktemp("concierge")
    port = free_ports(3)
    url = f"http://127.0.0.1:{port}"
    process = Process(
        folder, "serve", "--port", str(port), ready=f"{url}/ready",
        VOSTRO__DATABASE__URL=f"sqlite:{folder}/vostro.db", VOSTRO__CORE_BANKING__URL=core[0],
    )  # fmt: skip
    yield url
    process.stop()


def accounts(core, customer):
    return httpx.get(f"{core[0]}/v1/customers/{customer}").json()["accounts"]


def test_the_reference_adapter_keeps_the_contract(core, customer):
    ran = subprocess.run(
        [BINARY, "core-banking", "check", core[0], "--customer", customer, "--json"], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads(ran.stdout)
    assert len(report["cases"]) >= 20 and all(case["outcome"] == "passed" for case in report["cases"])


def test_a_customer_of_the_core_asks_and_pays(core, concierge, customer):
    before = accounts(core, customer)
    session = ""

    def say(message):
        nonlocal session
        body = {"message": message, "session_id": session, "user_id": customer}
        answer = httpx.post(f"{concierge}/api/v1/chat", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        session = answer.json()["session_id"]
        return answer.json()

    card = say("What are my balances?")["cards"][0]
    told = {each["account_id"]: each["balance"]["minor"] for each in card["accounts"]}
    assert told == {each["id"]: each["balance"]["minor"] for each in before}
    assert say("Show my last 3 transactions")["cards"][0]["items"]
    assert say("Send $25 to Anna")["cards"][0]["type"] == "confirmation"
    assert accounts(core, customer) == before, "a proposal moves nothing"
    receipt = say("yes")["receipts"][0]
    assert receipt["movement"]["amount"]["minor"] == 2_500
    assert say("yes")["receipts"] in ([], [receipt]), "a second yes pays nothing"
    after = accounts(core, customer)
    assert sum(each["balance"]["minor"] for each in before) - sum(each["balance"]["minor"] for each in after) == 2_500
    refused = say("Send $9,999,999 to Anna")
    assert refused["receipts"] == [] and accounts(core, customer) == after


@pytest.mark.parametrize(
    "message",
    [
        "Send $25 to Anna every month",
        "What standing orders do I have?",
        "Cancel that transfer",
        "Show my statement for last month",
        "Show my cards",
        "Freeze my card",
        "I lost my card",
        "Dispute a transaction",
        "Add a payee",
        "Change my phone number to 555-0100",
        "Alert me when my balance is below $100",
    ],
)
def test_what_is_not_offered_over_a_core_is_said_at_once(concierge, customer, message):
    body = {"message": message, "session_id": "", "user_id": customer}
    answer = httpx.post(f"{concierge}/api/v1/chat", json=body, timeout=30).json()
    assert "at your bank yet" in answer["message"] or answer["intent"] == "handoff", answer
    assert "person" in answer["message"], answer
    assert not any(card["type"].endswith("confirmation") for card in answer["cards"])
    # No question is left open.
    body = {"message": "What's my balance?", "session_id": answer["session_id"], "user_id": customer}
    assert httpx.post(f"{concierge}/api/v1/chat", json=body, timeout=30).json()["cards"][0]["type"] == "balances"


def test_a_stranger_to_the_core_is_told_so(concierge):
    answer = httpx.post(f"{concierge}/api/v1/chat", json={"message": "balance?", "user_id": "nobody_of_this_name"})
    assert answer.status_code == 403


def test_without_the_core_the_assistant_says_that_it_cannot(core, concierge, customer):
    core[1].stop()
    answer = httpx.post(f"{concierge}/api/v1/chat", json={"message": "balance?", "user_id": customer}, timeout=30)
    assert answer.status_code == 503, answer.text
    assert httpx.get(f"{concierge}/ready").status_code == 503
