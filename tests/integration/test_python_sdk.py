"""The Python SDK against the real server, and against lines that break."""

import itertools
import os
import subprocess
import sys
import typing
import uuid
from pathlib import Path

import httpx
import pytest

SDK = Path(__file__).resolve().parents[2] / "sdk" / "python"
sys.path.insert(0, str(SDK / "src"))

from vostro_client import VostroClient, VostroError, models, server_sent_events  # noqa: E402

CONCIERGE = os.environ.get("CONCIERGE_URL", "http://localhost:8000")


@pytest.fixture
def user():
    return f"sdk_{uuid.uuid4().hex}"


@pytest.fixture
def client(user):
    with VostroClient(CONCIERGE, user, sleep=lambda _: None) as client:
        yield client


class Breaking(httpx.BaseTransport):
    """The network, with what goes wrong put in: one fault a request, `None` for none."""

    def __init__(self, *faults):
        self.inner = httpx.HTTPTransport()
        self.faults = iter(itertools.chain(faults, itertools.repeat(None)))
        self.keys = []

    def handle_request(self, request):
        if request.url.path == "/api/v1/chat":
            self.keys.append(request.headers["idempotency-key"])
        fault = next(self.faults)
        if fault == "refused":
            raise httpx.ConnectError("refused", request=request)
        response = self.inner.handle_request(request)
        if fault == "answer lost":
            response.read()
            raise httpx.ReadError("lost", request=request)
        if isinstance(fault, int):
            events = response.read().decode().split("\n\n")[:fault]
            text = "".join(f"{event}\n\n" for event in events)
            return httpx.Response(response.status_code, headers={"content-type": "text/event-stream"}, text=text)
        return response


def test_a_conversation_keeps_its_session(client):
    chat = client.chat()
    assert "$" in chat.send("What's my balance?")["message"]
    proposed = chat.send("Send $3 to Anna")
    assert proposed["session_id"] == chat.session_id
    receipt = chat.send("yes")["receipts"][0]
    assert receipt["movement"]["amount"]["minor"] == 300
    listed = client.conversations()
    assert [it["session_id"] for it in listed] == [chat.session_id]
    page = client.conversation(chat.session_id)
    assert [turn["message"] for turn in page["turns"]] == ["What's my balance?", "Send $3 to Anna", "yes"]
    assert page["next"] is None


def test_a_stream_adds_up_to_the_reply(client):
    events = list(client.chat().stream("How do I transfer money?"))
    assert [event.type for event in events][-1] == "done"
    text = "".join(event.data["text"] for event in events if event.type == "sentence")
    assert text == events[-1].data["message"]


@pytest.mark.parametrize("faults", [["refused"], ["answer lost"], ["answer lost", "refused"], [0], [1], [2, "refused"], [2, 0]])
def test_whatever_breaks_money_moves_once(user, faults):
    with VostroClient(CONCIERGE, user, sleep=lambda _: None) as plain:
        chat = plain.chat()
        chat.send("Send $5 to Anna")
    wire = Breaking(*faults)
    with VostroClient(CONCIERGE, user, sleep=lambda _: None, transport=wire) as broken:
        events = list(broken.chat(chat.session_id).stream("yes"))
        assert events[-1].type == "done" and len(events[-1].data["receipts"]) == 1
        text = "".join(event.data["text"] for event in events if event.type == "sentence")
        assert text == events[-1].data["message"], "nothing twice, nothing lost"
        assert len(set(wire.keys)) == 1
        assert len(broken.conversation(chat.session_id)["turns"]) == 2


def test_refusals_are_errors_with_the_servers_words(client):
    with pytest.raises(VostroError) as refused:
        client.send("")
    assert (refused.value.status, refused.value.error) == (422, "ValidationError")
    assert not refused.value.is_passing
    with pytest.raises(VostroError) as absent:
        client.conversation("ses_none")
    assert absent.value.status == 404


def test_what_is_not_there_is_given_up_after_some_attempts(user):
    waits = []
    with VostroClient("http://127.0.0.1:9", user, attempts=4, sleep=waits.append) as client, pytest.raises(VostroError) as lost:
        client.send("Hello")
    assert (lost.value.status, len(waits)) == (0, 3)
    assert waits == sorted(waits)


def test_search_check_and_statement(client):
    assert client.search("How do I transfer money?", limit=2)["count"] == 2
    assert client.check("My SSN is 123-45-6789")["has_pii"]
    with pytest.raises(VostroError) as absent:
        client.statement("acc_none", "2026-10")
    assert absent.value.status in (404, 422)


def test_events_are_read_as_the_standard_says():
    lines = [": hello", "event: a", "id: 1", "data: x", "data: y", "", "data:z", "", "event: lost", "data: q"]
    events = [(it.event, it.id, it.data) for it in server_sent_events(lines)]
    assert events == [("a", "1", "x\ny"), ("message", "1", "z")]


def test_the_example_runs(user):
    example = subprocess.run(
        [sys.executable, SDK / "examples" / "transfer.py", CONCIERGE, user],
        env={**os.environ, "PYTHONPATH": str(SDK / "src")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert example.returncode == 0, example.stderr
    assert "receipt: trf_" in example.stdout


def test_the_types_are_those_of_the_document():
    schemas = httpx.get(f"{CONCIERGE}/openapi.json").json()["components"]["schemas"]
    compared = 0
    for name, schema in schemas.items():
        members = schema.get("properties")
        if not members or "oneOf" in schema or "allOf" in schema:
            continue
        typed = getattr(models, name, None)
        assert typed is not None, f"{name}: scripts/python-types.sh makes the types anew"
        hints = typing.get_type_hints(typed, include_extras=True)
        required = {member for member, kind in hints.items() if typing.get_origin(kind) is not typing.NotRequired}
        assert set(hints) == set(members), name
        assert required == set(schema.get("required", [])), name
        compared += 1
    assert compared >= 40, compared
