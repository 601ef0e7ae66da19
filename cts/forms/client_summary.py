"""The Client Summary (guide; mission §5): facts of CWS/CMS, and what the Advocate adds. Read by all of the record, decided on by nobody."""

from cts.domain.fields import Field, FormSection, FormSpec, Kind
from cts.domain.vocabulary import AWOL_CODES
from cts.forms.building import ABOUT_THE_SERVICE, FROM_CTS, fact, people

CLIENT = FormSection(
    "client",
    "Client Information",
    (
        fact("youth_name", "Youth name"),
        fact("birth_date", "DOB", Kind.DATE),
        fact("age", "Age"),
        fact("lead_agency", "Lead"),
        fact("dual", "Dual", Kind.YES_NO),
        fact("service_component", "Service Component"),
        fact("office_name", "DCFS / Probation Office"),
        fact("state_id", "State ID"),
        fact("referral_number", "Referral #"),
        fact("case_number", "Case #"),
        fact("pdj_number", "PDJ #"),
        fact("placement_type", "Placement", location=True),
        fact("awol_code", "AWOL status", Kind.CHOICE, AWOL_CODES, location=True),
    ),
)
STAFF = FormSection(
    "staff",
    "Currently Assigned Staff",
    (
        fact("worker_name", "Continuing Service CSW / Assigned DPO"),
        fact("supervisor_name", "Continuing Service SCSW / SDPO"),
        fact("other_worker_name", "Worker of the other department (dual)", source=FROM_CTS),
        Field("dependency_investigator", "Dependency Investigator CSW / SCSW", Kind.TEXT),
        Field("emergency_response", "Emergency Response", Kind.TEXT),
    ),
)
TEAM = FormSection(
    "team",
    "Additional Team Members",
    (
        *ABOUT_THE_SERVICE,
        people("supportive_relatives", "Supportive Relatives", "Relative"),
        people("law_enforcement", "Law Enforcement Contacts", "Contact"),
        Field("therapist", "DMH / Therapist", Kind.TEXT, sealed=True),
        Field("substance_provider", "Substance Abuse Provider", Kind.TEXT, sealed=True),
        Field("phn", "PHN", Kind.TEXT),
        Field("education_rights", "Educational Rep", Kind.TEXT),
        Field("attorney", "Child's Attorney", Kind.TEXT),
    ),
)

CLIENT_SUMMARY = FormSpec(title="Client Summary", version=1, sections=(CLIENT, STAFF, TEAM))

FROM_THE_REFERRAL = ("therapist", "substance_provider", "phn", "education_rights", "attorney")
"""What the case worker wrote in the Referral already; the Client Summary begins with it."""
