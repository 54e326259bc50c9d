"""Signatures and sealed resources, written from the documents and not with the SDK: the two check each other."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from anju.foundation.payments.standins.wechat_keys import MERCHANT_PREFIX, WechatKeys

SCHEME = "WECHATPAY2-SHA256-RSA2048"
MAX_SKEW = 300
PAIR = re.compile(r'(\w+)="([^"]*)"')


class Unsigned(Exception):
    """A request that is not signed as it must be."""


class Signer:
    """Both sides' mathematics with one set of keys."""

    def __init__(self, keys: WechatKeys) -> None:
        self.keys = keys
        self._platform = _key(keys.platform_key)
        self._merchant = load_pem_public_key(keys.merchant_public.encode())

    def merchant_of(self, method: str, target: str, body: bytes, authorization: str) -> str:
        """The merchant number that signed a request.

        Args:
            method: of the request.
            target: path and query as sent.
            body: the exact bytes.
            authorization: the header.

        Raises:
            Unsigned: wrong scheme, merchant, serial or signature, or a clock more than five minutes off.
        """
        scheme, _, rest = authorization.partition(" ")
        parts: dict[str, str] = dict(PAIR.findall(rest))
        merchant = parts.get("mchid", "")
        if scheme != SCHEME or not re.fullmatch(rf"{MERCHANT_PREFIX}\d{{6}}", merchant):
            raise Unsigned
        if parts.get("serial_no") != self.keys.merchant_serial:
            raise Unsigned
        stamp = parts.get("timestamp", "")
        if not stamp.isdigit() or abs(int(stamp) - time.time()) > MAX_SKEW:
            raise Unsigned
        text = f"{method}\n{target}\n{stamp}\n{parts.get('nonce_str', '')}\n".encode() + body + b"\n"
        self.check_merchant(text, parts.get("signature", ""))
        return merchant

    def check_merchant(self, text: bytes, signature: str) -> None:
        """Raise Unsigned unless the merchant signed these bytes (base64)."""
        try:
            assert isinstance(self._merchant, RSAPublicKey)
            self._merchant.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError) as error:
            raise Unsigned from error

    def headers(self, body: bytes, *, by_certificate: bool = False, age: int = 0) -> dict[str, str]:
        """The headers that vouch for an answer or a callback.

        Args:
            body: the exact bytes.
            by_certificate: name the certificate's serial instead of the public key's.
            age: seconds the time-stamp lies in the past.
        """
        stamp, nonce = str(int(time.time()) - age), secrets.token_hex(16)
        signature = self._platform.sign(f"{stamp}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.keys.platform_serial if by_certificate else self.keys.public_key_id,
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Wechatpay-Signature-Type": SCHEME,
        }

    def sealed(self, text: str, *, associated: str) -> dict[str, str]:
        """A resource encrypted with the merchant's APIv3 key."""
        nonce = secrets.token_hex(6)
        cipher = AESGCM(self.keys.apiv3_key.encode()).encrypt(nonce.encode(), text.encode(), associated.encode())
        return {
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(cipher).decode(),
            "nonce": nonce,
            "associated_data": associated,
        }

    def notice(self, id: str, event: str, at: str, inside: dict[str, Any], *, original: str) -> bytes:
        """A callback's body."""
        text = json.dumps(inside, ensure_ascii=False)
        resource = self.sealed(text, associated=original) | {"original_type": original}
        whole = {
            "id": id,
            "create_time": at,
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": "支付成功" if original == "transaction" else "退款通知",
            "resource": resource,
        }
        return json.dumps(whole, ensure_ascii=False).encode()


def _key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
