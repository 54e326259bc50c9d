"""What needs no key: the OpenAPI document, the page that explains it, and the answer to an unknown address."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from anju.foundation.identity.doors import open_door
from anju.foundation.ui import render
from anju.kit.refusal import declared
from anju.surface.openapi import problems
from anju.surface.openapi.document import METHODS, document
from anju.surface.openapi.samples import Field, call, fields, sample, words
from anju.surface.openapi.scopes import SCOPES

WHY = "the contract of the API holds nobody's data"


@require_GET
@open_door(WHY)
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, in the language asked for."""
    response = JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
    response.headers["Vary"] = "Accept-Language"
    return response


@require_GET
@open_door(WHY)
def documentation(request: HttpRequest) -> HttpResponse:
    """The page for people: how to call, every operation with its fields and an example, every refusal."""
    found = document()
    entries = [
        entry(found, path, method, operation)
        for path, operations in found["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    groups = [(tag, list(same)) for tag, same in groupby(entries, key=lambda e: e["tag"])]
    english = (get_language() or "").startswith("en")
    refusals = sorted((code, en if english else zh) for code, (zh, en) in declared().items())
    facts = {"document": found, "groups": groups, "refusals": refusals, "scopes": SCOPES.values()}
    return render(request, "openapi/docs.html", facts)


def entry(found: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """One operation as the page shows it."""
    good = next(code for code in operation["responses"] if int(code) < 400)
    answer = operation["responses"][good]["content"]["application/json"]["schema"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"],
        "tag": operation["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation["description"],
        "scope": operation["x-scope"],
        "parameters": [
            Field(p["name"], bool(p.get("required")), words(found, p["schema"]), p.get("description", ""))
            for p in operation.get("parameters", [])
        ],
        "fields": fields(found, body) if body else [],
        "call": call(found, path, method, operation),
        "body": sample(found, body) if body else "",
        "status": good,
        "answer": sample(found, answer),
    }


@csrf_exempt
@open_door("says that there is no such operation")
def no_such_operation(request: HttpRequest) -> HttpResponse:
    """An address of the API that nothing answers."""
    return problems.refused(problems.NO_OPERATION())
