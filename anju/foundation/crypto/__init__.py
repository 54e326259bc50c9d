"""Keys and ciphers: master key → organization key → three key classes per person; blind indexes; file encryption.

    sealed = person_encrypt(person_id, "contact", "13800001234".encode())
    person_decrypt(person_id, "contact", sealed)
    blind_index("phone", "13800001234"), tail_index("phone", "13800001234")

Everything but the master key belongs to the organization in scope. Destroying a person's key makes everything under it
unreadable for ever, backups included (:mod:`anju.foundation.crypto.destruction`).
"""

from anju.foundation.crypto.destruction import destroy_person_keys, reconcile_destructions
from anju.foundation.crypto.indexes import blind_index, tail_index
from anju.foundation.crypto.master import check_master_key
from anju.foundation.crypto.org import create_org_key, org_decrypt, org_encrypt
from anju.foundation.crypto.persons import (
    CLASSES,
    KeyClass,
    person_decrypt,
    person_decrypt_many,
    person_encrypt,
    person_encrypt_many,
)
from anju.foundation.crypto.streams import decrypt_file, encrypt_file

__all__ = [
    "CLASSES",
    "KeyClass",
    "blind_index",
    "check_master_key",
    "create_org_key",
    "decrypt_file",
    "destroy_person_keys",
    "encrypt_file",
    "org_decrypt",
    "org_encrypt",
    "person_decrypt",
    "person_decrypt_many",
    "person_encrypt",
    "person_encrypt_many",
    "reconcile_destructions",
    "tail_index",
]
