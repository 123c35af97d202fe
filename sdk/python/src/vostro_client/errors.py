"""What can go wrong: the service said no, it could not be reached, or the answer broke off."""

from __future__ import annotations

import httpx


class VostroError(Exception):
    """The service answered with an error, or there was no whole answer (then ``status`` is 0)."""

    def __init__(self, status: int, error: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{error}: {detail}")
        self.status = status
        """The HTTP status; 0 when the service could not be reached or broke off."""
        self.error = error
        """The error's name, such as ``ValidationError``; ``Unreachable`` or ``Interrupted`` without an answer."""
        self.detail = detail
        """What was wrong, in words."""
        self.retry_after = retry_after
        """Seconds to wait before asking again, where the service said so."""

    @property
    def is_passing(self) -> bool:
        """Whether the same request, under the same ``Idempotency-Key``, may succeed later."""
        if self.status == 409:
            return self.retry_after is not None
        return self.status in (0, 408, 429) or self.status >= 500


def error_of(response: httpx.Response) -> VostroError:
    """Reads a problem body (RFC 9457); what is none is told as well as can be."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    told = body if isinstance(body, dict) else {}
    wait = response.headers.get("retry-after", "")
    return VostroError(
        response.status_code,
        str(told.get("error", "HttpError")),
        str(told.get("detail", response.reason_phrase or f"status {response.status_code}")),
        float(wait) if wait.isdigit() else None,
    )
