"""The columns of an Assignment Listing, and by which of them it can be sorted."""

from enum import StrEnum

from cts.domain.vocabulary import Role
from cts.services.actor import Actor


class SortBy(StrEnum):
    """The columns a listing can be sorted by."""

    NUMBER = "number"
    STATE_ID = "state_id"
    REFERRAL = "referral"
    CPH_DATE = "cph_date"
    REFERRAL_NAME = "referral_name"
    YOUTH = "youth"
    CASE = "case"
    PDJ = "pdj"
    STATUS = "status"
    AGENCY = "agency"
    CSW = "csw"
    SCSW = "scsw"


SUPERVISORS_WORDS = {
    Role.SCSW: {SortBy.CSW: "CSW", SortBy.SCSW: "SCSW"},
    Role.SDPO: {SortBy.CSW: "DPO", SortBy.SCSW: "SDPO"},
    Role.ADMINISTRATION: {SortBy.CSW: "CSW / DPO", SortBy.SCSW: "SCSW / SDPO"},
}
_PROBATION = frozenset({Role.DPO, Role.SDPO})


def columns_of(actor: Actor) -> dict[SortBy, str]:
    """The columns of a person's listing with their headings, in the guide's order (mission §3)."""
    pdj = {SortBy.PDJ: "PDJ #"} if actor.role in _PROBATION else {}
    return {
        SortBy.NUMBER: "Assignment #",
        SortBy.STATE_ID: "State ID",
        SortBy.REFERRAL: "Referral #",
        SortBy.CPH_DATE: "CPH Referral Date",
        SortBy.REFERRAL_NAME: "Referral Name",
        SortBy.YOUTH: "Youth Name",
        SortBy.CASE: "Case #",
        **pdj,
        SortBy.STATUS: "Status",
        SortBy.AGENCY: "Agency / Advocate",
        **SUPERVISORS_WORDS.get(actor.role, {}),
    }
