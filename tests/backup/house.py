"""What the tests put into a product and look for in its copy: scripts that run with that product's environment."""

from __future__ import annotations

import json
from typing import Any

from tests.ground.product import Product

# A company with two tenants' secrets and a file that one of them seals.
FURNISH = """
import io, json
from anju.config.cli import ready
with ready.product_up():
    from anju.foundation import crypto
    from anju.foundation.access import permission
    from anju.foundation.actions import action
    from anju.foundation.db import org_scope, run_sql
    from anju.foundation.files import purposes
    from anju.foundation.files.store import store
    from anju.foundation.staffing.actions import create_organization
    from anju.kit import Actor
    purposes.purpose("t.scan", zh="证件照", en="ID scan", media=("image/png",), person_class="identity",
                     may_open=lambda by, f: False)
    @action("t.upload", needs=permission("t.upload", zh="上传", en="Upload", roles=()))
    def upload(act):
        return store(act, io.BytesIO(b"\\x89PNG\\r\\n\\x1a\\n" + bytes(5000)), name="scan.png", purpose="t.scan",
                     owner=("person", 1), person_id=1)
    org = create_organization(name="禾里公寓").id
    with org_scope(org):
        sealed = [crypto.person_encrypt(p, "contact", f"1380000000{p}".encode()).hex() for p in (1, 2)]
        file = upload(Actor.system()).id
    print(json.dumps({"org": org, "sealed": sealed, "file": file}))
"""
# The same, read: phones that open, the file's size, names of projects.
LOOK = """
import json, sys
from anju.config.cli import ready
told = json.loads(sys.argv[1])
with ready.product_up():
    from anju.domain.portfolio.models import Unit
    from anju.foundation import crypto
    from anju.foundation.crypto.destruction import record_file
    from anju.foundation.db import org_scope
    from anju.foundation.files import purposes
    from anju.foundation.files.store import open_file
    from anju.kit import Actor, Refused
    purposes.purpose("t.scan", zh="证件照", en="ID scan", media=("image/png",), person_class="identity",
                     may_open=lambda by, f: False)
    def phone(p):
        try:
            return crypto.person_decrypt(p, "contact", bytes.fromhex(told["sealed"][p - 1])).decode()
        except Refused as refused:
            return refused.code
    with org_scope(told["org"]):
        found = {"phones": [phone(1), phone(2)], "units": sorted(Unit.objects.values_list("code", flat=True))}
        try:
            found["file"] = open_file(Actor.system(), told["file"]).size
        except Refused as refused:
            found["file"] = refused.code
    print(json.dumps(found))
"""
DESTROY = """
import sys
from anju.config.cli import ready
with ready.product_up():
    from anju.foundation import crypto
    from anju.foundation.db import org_scope
    with org_scope(int(sys.argv[1])):
        print(crypto.destroy_person_keys(2, reason="erasure_request"))
"""
KEY = """
import sys
from anju.config.cli import ready
with ready.product_up():
    from anju.surface.openapi.keys import create
    print(create(org_id=int(sys.argv[1]), name="对接", scopes=["all"]))
"""


def furnish(product: Product) -> dict[str, Any]:
    """Make the company; what :func:`look` needs to find it."""
    return dict(json.loads(product.script(FURNISH).splitlines()[-1]))


def look(product: Product, told: dict[str, Any], **variables: str) -> dict[str, Any]:
    """What is to be found, there or in a copy."""
    return dict(json.loads(product.script(LOOK, json.dumps(told), **variables).splitlines()[-1]))
