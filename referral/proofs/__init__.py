"""The proofs a pathway passes before it is published: V01 to V25. Pure: values in, findings out."""

from referral.proofs.check import Given, checked
from referral.proofs.coverage import Group, MissingWord, ServiceFacts
from referral.proofs.findings import ERROR, WARNING, Finding

__all__ = ["ERROR", "WARNING", "Finding", "Given", "Group", "MissingWord", "ServiceFacts", "checked"]
