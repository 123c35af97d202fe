"""The client of a Vostro concierge. Start with :class:`VostroClient` and its ``chat()``."""

from .client import Chat, ChatEvent, VostroClient
from .errors import VostroError
from .sse import ServerSentEvent, server_sent_events

__all__ = ["Chat", "ChatEvent", "ServerSentEvent", "VostroClient", "VostroError", "server_sent_events"]
