"""The API document that each service serves is valid OpenAPI 3.1 and lists what that service answers."""

import os

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

SERVICES = {
    os.environ.get("CONCIERGE_URL", "http://localhost:8000"): ("/api/v1/chat", "post"),
    os.environ.get("RAG_URL", "http://localhost:8001"): ("/api/v1/rag/search", "post"),
    os.environ.get("GUARDRAILS_URL", "http://localhost:8002"): ("/api/v1/guardrails/check", "post"),
}


@pytest.mark.parametrize(("url", "operation"), SERVICES.items(), ids=["concierge", "rag", "guardrails"])
def test_served_document(url, operation):
    path, method = operation
    response = httpx.get(f"{url}/openapi.json")
    assert response.status_code == 200
    document = response.json()
    OpenAPIV31SpecValidator(document).validate()
    assert method in document["paths"][path]
    for common in ("/", "/health", "/ready", "/live", "/metrics"):
        assert "get" in document["paths"][common], common
