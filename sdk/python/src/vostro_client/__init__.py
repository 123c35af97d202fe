"""The client of a Vostro concierge. Start with :class:`VostroClient` and its ``chat()``."""

from . import models
from .client import Chat, ChatEvent, VostroClient
from .errors import VostroError
from .sse import ServerSentEvent, server_sent_events

__all__ = ["Chat", "ChatEvent", "ServerSentEvent", "VostroClient", "VostroError", "models", "server_sent_events"]
