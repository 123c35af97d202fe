"""Server-sent events out of a response's lines (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ServerSentEvent(NamedTuple):
    """One event as it came; ``id`` is the last one that was seen."""

    event: str
    id: str
    data: str


def server_sent_events(lines: Iterable[str]) -> Iterator[ServerSentEvent]:
    """The events of a body. One without its blank line at the end is dropped, as the standard says."""
    event, last_id, data = "", "", []
    for line in lines:
        if not line:
            if data:
                yield ServerSentEvent(event or "message", last_id, "\n".join(data))
            event, data = "", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event = value
        elif name == "data":
            data.append(value)
        elif name == "id" and "\0" not in value:
            last_id = value
