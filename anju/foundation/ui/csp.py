"""Response headers that keep a page from running what we did not ship."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def allow(response: HttpResponse, directive: str, origin: str) -> HttpResponse:
    """Widen one directive for this response only: a payment form that ends at a gateway allows its ``form-action``.

    Args:
        response: the response to widen.
        directive: ``form-action``, ``img-src``, …
        origin: scheme and host, ``https://wx.tenpay.com``.
    """
    extra: dict[str, list[str]] = getattr(response, "csp_extra", {})
    extra.setdefault(directive, []).append(origin)
    response.csp_extra = extra  # type: ignore[attr-defined]
    return response


class ContentSecurityPolicy:
    """Middleware: no inline script or style, no eval, no framing by others, no referrer to other sites."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        extra: dict[str, list[str]] = getattr(response, "csp_extra", {})
        policy = {name: " ".join([value, *extra.get(name, [])]) for name, value in POLICY.items()}
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
        )
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)")
        return response
