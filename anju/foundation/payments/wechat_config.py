"""What a merchant enters to use WeChat Pay: numbers, keys, and where the gateway is."""

from __future__ import annotations

import os
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from anju.foundation.payments.gateways import GatewayUnsure
from anju.kit.loopback import is_loopback

PRODUCTION = "https://api.mch.weixin.qq.com"
STANDIN = "standin"


class WechatConfig(BaseModel):
    """A merchant's keys. Public-key mode when ``public_key`` is given, certificate mode otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mchid: str = Field(pattern=r"^\d{8,10}$")
    appid: str = Field(pattern=r"^wx[0-9a-f]{16}$")
    serial_no: str = Field(pattern=r"^[0-9A-Fa-f]{16,40}$")
    private_key: str
    apiv3_key: str = Field(min_length=32, max_length=32)
    public_key: str = ""
    public_key_id: str = Field("", pattern=r"^(PUB_KEY_ID_[0-9A-Z]+)?$")
    app_secret: str = ""
    """The official account's, to ask for a payer's openid inside WeChat; without it nobody pays there."""
    base_url: str = PRODUCTION
    """Where the gateway is; ``standin``: where this run's stand-ins are (``ANJU_STANDINS_URL``)."""
    drill: bool = False

    @field_validator("private_key")
    @classmethod
    def _private(cls, text: str) -> str:
        if not isinstance(load_pem_private_key(text.encode(), None), RSAPrivateKey):
            raise ValueError("not an RSA key")
        return text

    @field_validator("public_key")
    @classmethod
    def _public(cls, text: str) -> str:
        if text and not isinstance(load_pem_public_key(text.encode()), RSAPublicKey):
            raise ValueError("not an RSA key")
        return text

    @field_validator("base_url")
    @classmethod
    def _sealed_line(cls, text: str) -> str:
        if text != STANDIN and not text.startswith("https://") and not is_loopback(text):
            raise ValueError("neither https nor this machine")
        return text

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if bool(self.public_key) != bool(self.public_key_id):
            raise ValueError("a public key has its id")
        return self

    def address(self) -> str:
        """The gateway's address without a slash at the end."""
        if self.base_url != STANDIN:
            return self.base_url.rstrip("/")
        if not (standins := os.environ.get("ANJU_STANDINS_URL")):
            raise GatewayUnsure("NO_STANDIN")
        return f"{standins.rstrip('/')}/wechat"


def stays_here(config: dict[str, Any]) -> bool:
    """Whether a configuration reaches a stand-in on this machine and nothing else."""
    address = str(config.get("base_url") or PRODUCTION)
    return address == STANDIN or is_loopback(address)
