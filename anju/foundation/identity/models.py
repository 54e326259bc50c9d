"""Who there is: organizations, people who sign in, their membership, tenants' sessions and phone codes."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel


class Organization(models.Model):
    """An operator. Everything an operator owns carries its id; this table carries none itself."""

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=20, blank=True, default="", help_text="what tenants call it")
    sms_signature = models.CharField(max_length=20, blank=True, default="", help_text="without 【】")
    language = models.CharField(max_length=10, default="zh-hans")
    drill = models.BooleanField(default=False, help_text="has its own clock and provider stand-ins")
    totp_required = models.BooleanField(default=False, help_text="staff must use a second factor")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "organization"

    def __str__(self) -> str:
        return self.name


def normal_login(text: str) -> str:
    """A login as it is stored and compared: full-width letters narrow, no outer spaces, lower case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class UserManager(BaseUserManager["User"]):
    """Users by login."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=normal_login(username or ""))

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> User:
        """A user with that password; without one the person sets it through an invitation."""
        user = self.model(login=normal_login(login), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in with a password. Belongs to no organization; :class:`Staff` says where they work."""

    login = models.CharField(max_length=150, unique=True, help_text="e-mail address or user name")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True, default="", help_text="empty: the organization's")
    totp_secret = models.BinaryField(null=True, help_text="sealed under the installation's key")
    totp_since = models.DateTimeField(null=True, help_text="empty until the first code was right")
    totp_step = models.BigIntegerField(default=0, help_text="the last time step used: a code works once")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        db_table = "user_account"


class RecoveryCode(models.Model):
    """One spare code for a user who lost the second factor; stored hashed, works once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"


class Attempt(models.Model):
    """How often something was tried in a window of time. ``subject`` is hashed: it may be a phone or an address."""

    bucket = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "attempt"
        constraints = [models.UniqueConstraint(fields=["bucket", "subject"], name="one_counter_per_bucket_and_subject")]
        indexes = [models.Index(fields=["since"], name="attempt_since_ix")]


class Staff(OrgModel):
    """A user's place in an organization. Frozen is final for all sessions; the row stays for the log."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    roles = ArrayField(models.CharField(max_length=30))
    all_projects = models.BooleanField(default=True)
    epoch = models.IntegerField(default=0, help_text="raised to end all sessions")
    left_on = models.DateField(null=True, help_text="the last working day")
    frozen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "staff"
        constraints = [models.UniqueConstraint(fields=["org_id", "user"], name="one_place_per_user_and_organization")]

    def __str__(self) -> str:
        return self.name


class StaffScope(OrgModel):
    """A scope (project) a member of staff is limited to; only asked when ``all_projects`` is off."""

    staff = OrgForeignKey(Staff, index=False, related_name="+")
    scope_id = models.BigIntegerField()

    class Meta:
        db_table = "staff_scope"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "staff", "scope_id"], name="one_row_per_staff_and_scope")
        ]


class TenantSession(OrgModel):
    """A tenant's sign-in on one phone or browser. Times are wall time; the token is stored hashed."""

    person_id = models.BigIntegerField()
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tenant_session"
        constraints = [models.UniqueConstraint(fields=["org_id", "token_hash"], name="one_session_per_token")]
        indexes = [models.Index(fields=["org_id", "person_id"], name="tenant_session_person_ix")]


class PhoneCode(OrgModel):
    """A code sent to a phone. The phone is a blind index and the code is hashed; times are wall time."""

    phone_index = models.BinaryField()
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "phone_code"
        constraints = [models.UniqueConstraint(fields=["org_id", "phone_index"], name="one_code_per_phone")]
