"""A certificate as an Open Badge 3.0."""

import datetime as dt
from dataclasses import dataclass

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]


@dataclass(frozen=True)
class Issuer:
    """The house: its DID, its name, its address without a slash at the end."""

    did: str
    name: str
    url: str


@dataclass(frozen=True)
class Badge:
    """What a credential says; `name` only when the holder allowed it, `list_number` and `index` find its status."""

    code: str
    learner: str
    course: str
    country: str
    version: int
    kind: str
    heading: str
    description: str
    criteria: str
    issued_at: dt.datetime
    expires_at: dt.datetime | None
    list_number: int
    index: int
    name: str = ""


def badge_payload(badge: Badge, issuer: Issuer) -> dict:
    """Return the claims of a credential: the badge, and the registered claims of a JWT that repeat it."""
    address, subject = f"{issuer.url}/verify/{badge.code}/", f"urn:uuid:{badge.learner}"
    since = min(
        badge.issued_at, badge.expires_at or badge.issued_at
    )  # one that was issued late may have run out before
    return {
        "@context": CONTEXTS,
        "id": address,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
        "validFrom": moment(since),
        **({"validUntil": moment(badge.expires_at)} if badge.expires_at else {}),
        "name": badge.heading,
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            **({"identifier": [_name(badge.name)]} if badge.name else {}),
            "achievement": _achievement(badge, issuer),
        },
        "credentialStatus": _status(badge, issuer),
        "iss": issuer.did,
        "jti": address,
        "sub": subject,
        "nbf": int(since.timestamp()),
        **({"exp": int(badge.expires_at.timestamp())} if badge.expires_at else {}),
    }


def _achievement(badge: Badge, issuer: Issuer) -> dict:
    place = "-".join(filter(None, (badge.course, badge.country, str(badge.version), badge.kind)))
    return {
        "id": f"{issuer.url}/courses/#{place}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "version": str(badge.version),
        "name": badge.heading,
        "description": badge.description,
        "criteria": {"narrative": badge.criteria},
    }


def _name(name: str) -> dict:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


def _status(badge: Badge, issuer: Issuer) -> dict:
    address = f"{issuer.url}/credentials/status/{badge.list_number}"
    return {
        "id": f"{address}#{badge.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(badge.index),
        "statusListCredential": address,
    }


def moment(instant: dt.datetime) -> str:
    """Return an instant as credentials write it: UTC, to the second."""
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
