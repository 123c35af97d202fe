"""The client: one method an operation, and the retries that all of them share.

Every message goes out with an ``Idempotency-Key``, and a repetition keeps it: whatever breaks, a message has one
answer and a payment is made once.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import httpx

from . import models
from .errors import VostroError, error_of
from .sse import server_sent_events

T = TypeVar("T")
Json = dict[str, Any]

_BACKOFF_S_MAX = 8.0


class ChatEvent(NamedTuple):
    """A turn while it is being answered: ``progress``, ``sentence``, ``card``, and at the end ``done``."""

    type: str
    data: Any


class VostroClient:
    """Talks to one concierge for one customer. Not to be shared between threads; ``close`` it, or use ``with``."""

    def __init__(
        self,
        base_url: str,
        user_id: str,
        *,
        token: str | None = None,
        attempts: int = 6,
        backoff_s: float = 0.5,
        timeout_s: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``attempts`` and ``backoff_s`` bound the retries; ``sleep`` and ``transport`` are for tests."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.user_id = user_id
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout_s, transport=transport)
        self._attempts = max(1, attempts)
        self._backoff_s = backoff_s
        self._sleep = sleep

    def __enter__(self) -> VostroClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def chat(self, session_id: str | None = None) -> Chat:
        """A conversation: a new one, or the one to go on with."""
        return Chat(self, session_id)

    def send(self, message: str, *, session_id: str | None = None, idempotency_key: str | None = None) -> models.ChatResponse:
        """Sends a message and waits for the whole reply."""
        key = idempotency_key or str(uuid.uuid4())
        request = self._chat_request(message, session_id, key, "application/json")
        return self._persist(lambda: self._answer(request).json())

    def stream(
        self, message: str, *, session_id: str | None = None, idempotency_key: str | None = None
    ) -> Iterator[ChatEvent]:
        """Sends a message and gives its answer as it is made.

        A stream that breaks off goes on after the last event that was seen, also over a restart of the service.
        """
        key = idempotency_key or str(uuid.uuid4())
        turn, number, attempt = "", 0, 0
        while True:
            attempt += 1
            try:
                request = (
                    self._events_request(turn, number)
                    if turn
                    else self._chat_request(message, session_id, key, "text/event-stream")
                )
                with self._streamed(request) as response:
                    for event in server_sent_events(response.iter_lines()):
                        if event.event == "error":
                            told = json.loads(event.data)
                            raise VostroError(told.get("status", 500), told.get("error", ""), told.get("detail", ""))
                        of_turn, _, count = event.id.rpartition(".")
                        if of_turn and of_turn == turn and int(count) <= number:
                            continue
                        if of_turn:
                            turn, number = of_turn, int(count)
                        yield ChatEvent(event.event, json.loads(event.data))
                        if event.event == "done":
                            return
                raise VostroError(0, "Interrupted", "the answer broke off")
            except httpx.HTTPError as error:
                self._wait(attempt, VostroError(0, "Interrupted", str(error)))
            except VostroError as error:
                if error.status == 404 and turn:
                    # The turn was lost before it was recorded: it is carried out afresh, under the same key.
                    turn, number = "", 0
                    error = VostroError(0, "Interrupted", error.detail)
                self._wait(attempt, error)

    def conversations(self, limit: int = 50) -> list[models.Conversation]:
        """The customer's conversations, the latest first."""
        return self._get("/api/v1/conversations", limit=limit)["conversations"]

    def conversation(self, session_id: str, after: int = 0) -> models.ConversationPage:
        """A page of a conversation: ``turns``, and ``next`` to give as ``after``."""
        return self._get(f"/api/v1/conversations/{_segment(session_id)}", after=after)

    def statement(self, account_id: str, month: str, after: int | None = None) -> models.Statement:
        """A page of a month's statement; ``month`` is ``yyyy-mm``."""
        more = {} if after is None else {"after": after}
        return self._get(f"/api/v1/accounts/{_segment(account_id)}/statements/{_segment(month)}", **more)

    def search(self, query: str, limit: int = 5) -> models.SearchResponse:
        """Passages of the bank's knowledge base."""
        return self._post("/api/v1/rag/search", {"query": query, "limit": limit})

    def check(self, text: str, direction: str = "input") -> models.Verdict:
        """What the guardrails make of a text."""
        return self._post("/api/v1/guardrails/check", {"text": text, "direction": direction})

    def _chat_request(self, message: str, session_id: str | None, key: str, accept: str) -> httpx.Request:
        body = {"message": message, "session_id": session_id or "", "user_id": self.user_id}
        headers = {"accept": accept, "idempotency-key": f'"{key}"'}
        return self._http.build_request("POST", "/api/v1/chat", json=body, headers=headers)

    def _events_request(self, turn: str, number: int) -> httpx.Request:
        headers = {"accept": "text/event-stream", "last-event-id": f"{turn}.{number}"}
        path = f"/api/v1/chat/{_segment(turn)}/events"
        return self._http.build_request("GET", path, params={"user_id": self.user_id}, headers=headers)

    def _get(self, path: str, **query: Any) -> Any:
        request = self._http.build_request("GET", path, params={"user_id": self.user_id, **query})
        return self._persist(lambda: self._answer(request).json())

    def _post(self, path: str, body: Json) -> Any:
        request = self._http.build_request("POST", path, json=body)
        return self._persist(lambda: self._answer(request).json())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._http.send(request)
        except httpx.HTTPError as error:
            raise VostroError(0, "Unreachable", str(error)) from error
        if not response.is_success:
            raise error_of(response)
        return response

    @contextmanager
    def _streamed(self, request: httpx.Request) -> Iterator[httpx.Response]:
        response = self._http.send(request, stream=True)
        try:
            if not response.is_success:
                response.read()
                raise error_of(response)
            yield response
        finally:
            response.close()

    def _persist(self, ask: Callable[[], T]) -> T:
        attempt = 0
        while True:
            attempt += 1
            try:
                return ask()
            except VostroError as error:
                self._wait(attempt, error)

    def _wait(self, attempt: int, error: VostroError) -> None:
        """Waits for the next attempt, or raises what cannot be mended by one."""
        if attempt >= self._attempts or not error.is_passing:
            raise error
        backoff = min(self._backoff_s * 2 ** (attempt - 1), _BACKOFF_S_MAX) * random.uniform(0.75, 1.25)
        self._sleep(max(backoff, error.retry_after or 0.0))


class Chat:
    """A conversation: it remembers its session."""

    def __init__(self, client: VostroClient, session_id: str | None = None) -> None:
        self.client = client
        self.session_id = session_id

    def send(self, message: str, *, idempotency_key: str | None = None) -> models.ChatResponse:
        """Sends a message and waits for the reply."""
        reply = self.client.send(message, session_id=self.session_id, idempotency_key=idempotency_key)
        self.session_id = reply["session_id"]
        return reply

    def stream(self, message: str, *, idempotency_key: str | None = None) -> Iterator[ChatEvent]:
        """Sends a message and gives the answer as it is made."""
        for event in self.client.stream(message, session_id=self.session_id, idempotency_key=idempotency_key):
            if event.type == "done":
                self.session_id = event.data["session_id"]
            yield event


def _segment(text: str) -> str:
    return quote(text, safe="")
