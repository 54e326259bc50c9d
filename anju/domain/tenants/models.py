"""Tenants: people and companies, how to reach them, who they are, where refunds go.

Phones, document numbers and bank data are stored encrypted with the person's own keys (contact, identity, payment);
beside each stands a mask for lists and blind indexes for finding the whole value or its last four digits. A person's
handle is a lease number with the phone's last four digits: two people called 王芳 are never told apart by name alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anju.foundation.db.models import OrgForeignKey, OrgModel


class Person(OrgModel):
    """A tenant: a person or a company. ``sort_key`` is the name in pinyin; ``scope_id`` the project of the latest
    lease."""

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        COMPANY = "company", _("企业")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=240)
    segment = models.CharField(max_length=20, blank=True, default="")
    phone_mask = models.CharField(max_length=24, blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    scope_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "person"
        indexes = [
            models.Index(fields=["org_id", "sort_key", "id"], name="person_sort_ix"),
            models.Index(fields=["org_id", "scope_id", "sort_key", "id"], name="person_scope_ix"),
        ]


class ContactPoint(OrgModel):
    """One way to reach a person. A number that died keeps its row with ``stale_since``; the new one gets its own."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("手机")
        EMAIL = "email", _("邮箱")
        WECHAT = "wechat", _("微信")

    person = OrgForeignKey(Person)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value_enc = models.BinaryField()
    mask = models.CharField(max_length=80)
    blind = models.BinaryField()
    tail_blind = models.BinaryField(null=True)
    verified_at = models.DateTimeField(null=True)
    preferred = models.BooleanField(default=False)
    valid_from = models.DateField()
    stale_since = models.DateField(null=True)

    class Meta:
        db_table = "contact_point"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "person", "kind"],
                condition=Q(preferred=True, stale_since__isnull=True),
                name="one_preferred_contact_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["org_id", "person", "kind", "blind"],
                condition=Q(stale_since__isnull=True),
                name="a_person_has_a_contact_once",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "blind"], name="contact_point_blind_ix"),
            models.Index(
                fields=["org_id", "tail_blind"], name="contact_point_tail_ix", condition=Q(tail_blind__isnull=False)
            ),
        ]


class IdentityDocument(OrgModel):
    """A document that says who the person is; the number encrypted with the person's identity key."""

    class Kind(models.TextChoices):
        ID_CARD = "id_card", _("居民身份证")
        PASSPORT = "passport", _("护照")
        PERMIT = "permit", _("通行证或居住证")
        USCC = "uscc", _("统一社会信用代码")

    person = OrgForeignKey(Person, index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number_enc = models.BinaryField()
    mask = models.CharField(max_length=40)
    blind = models.BinaryField()

    class Meta:
        db_table = "identity_document"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person", "kind", "blind"], name="a_person_has_a_document_once")
        ]
        indexes = [models.Index(fields=["org_id", "blind"], name="identity_document_blind_ix")]


class BankAccount(OrgModel):
    """Where a refund goes; encrypted with the person's payment key."""

    person = OrgForeignKey(Person, index=False)
    bank = models.CharField(max_length=80, blank=True, default="")
    number_enc = models.BinaryField()
    mask = models.CharField(max_length=40)
    blind = models.BinaryField()

    class Meta:
        db_table = "bank_account"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person", "blind"], name="a_person_has_a_bank_account_once")
        ]
