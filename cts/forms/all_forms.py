"""The field list of each document, and which of its answers are kept encrypted."""

from collections.abc import Mapping

from cts.domain.fields import FormSpec
from cts.domain.vocabulary import Document
from cts.forms.advocacy_plan import ADVOCACY_PLAN
from cts.forms.client_summary import CLIENT_SUMMARY
from cts.forms.extension_request import EXTENSION_REQUEST
from cts.forms.referral import REFERRAL
from cts.forms.restoration_funds import RESTORATION_FUNDS
from cts.forms.termination_report import TERMINATION_REPORT

SPECS: Mapping[Document, FormSpec] = {
    Document.REFERRAL: REFERRAL,
    Document.PLAN: ADVOCACY_PLAN,
    Document.TERMINATION: TERMINATION_REPORT,
    Document.FUNDS: RESTORATION_FUNDS,
    Document.EXTENSION: EXTENSION_REQUEST,
    Document.SUMMARY: CLIENT_SUMMARY,
}

SEALED: Mapping[Document, frozenset[str]] = {kind: spec.sealed_keys() for kind, spec in SPECS.items()}
"""By document: the questions whose answers nobody reads in the database without the key. Marked in the field lists (Field.is_sealed)."""
