"""What a certificate is to those who check it: its code, the signed credential, who signs, what was withdrawn. Pure.

Open Badges 3.0 (1EdTech, context 3.0.3) as a VC-JWT (W3C Verifiable Credentials 2.0; RFC 7519), signed with EdDSA
(RFC 8037); withdrawn ones in a Bitstring Status List 1.0 (W3C).
"""

from training.credentials.badges import Badge, Issuer, badge_payload
from training.credentials.codes import (
    LENGTH,
    LONGEST_TYPED,
    PROGRESS_GROUP,
    PROGRESS_LENGTH,
    code_of,
    folded_name,
    grouped,
    new_code,
    written_name,
)
from training.credentials.issuers import did_document, did_key, did_web, key_id
from training.credentials.lists import SIZE, Listing, list_payload, new_padding, packed, unpacked
from training.credentials.tokens import sign_token

__all__ = [
    "LENGTH",
    "LONGEST_TYPED",
    "PROGRESS_GROUP",
    "PROGRESS_LENGTH",
    "SIZE",
    "Badge",
    "Issuer",
    "Listing",
    "badge_payload",
    "code_of",
    "did_document",
    "did_key",
    "did_web",
    "folded_name",
    "grouped",
    "key_id",
    "list_payload",
    "new_code",
    "new_padding",
    "packed",
    "sign_token",
    "unpacked",
    "written_name",
]
