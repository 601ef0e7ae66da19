"""The CSEC Advocacy Referral: its six sections (mission §4.1, from the guide)."""

from cts.domain.fields import Field, FormSection, FormSpec, Kind
from cts.domain.vocabulary import AWOL_CODES, SEXES
from cts.forms.building import fact, labelled
from cts.forms.referral_options import (
    COURTS,
    EXPRESSIONS,
    IDENTITIES,
    LIVING_NOW,
    ORIENTATIONS,
    SAFETY_ALERTS,
    SERVICES,
)
from cts.forms.referral_rules import alerts_described, dates_past, hotline_number_valid, needs_exception

TYPE_OF_REFERRAL = FormSection(
    "type",
    "Section I: Type of referral",
    (
        fact("lead_agency", "Lead agency"),
        fact("dual", "Dual (DCFS and Probation)", Kind.YES_NO),
        fact("flagged_as", "Flagged as"),
        fact("grid", "CSEC Data Grid"),
        fact("project_start_on", "Special Project start date", Kind.DATE),
        fact("project_end_on", "Special Project end date", Kind.DATE),
        Field(
            "new_or_returning",
            "New or returning to advocacy services",
            Kind.CHOICE,
            required=True,
            options={"new": "New: no advocacy services before", "returning": "Returning: advocacy services before"},
        ),
    ),
)

YOUTH_AND_CASE = FormSection(
    "youth",
    "Section II: Youth and case",
    (
        fact("youth_name", "Youth name"),
        fact("birth_date", "Date of birth", Kind.DATE),
        fact("age", "Age"),
        fact("sex", "Sex", Kind.CHOICE, SEXES),
        fact("race_ethnicity", "Race/ethnicity"),
        fact("primary_language", "Primary language"),
        fact("state_id", "State ID"),
        fact("referral_number", "Referral #"),
        fact("case_number", "Case #"),
        fact("pdj_number", "PDJ #"),
        fact("service_component", "Service component"),
        fact("placement_type", "Placement", location=True),
        fact("awol_code", "AWOL status", Kind.CHOICE, AWOL_CODES, location=True),
        Field(
            "preferred_name", "Preferred name", Kind.TEXT, help="The name the youth wants to be called.", sealed=True
        ),
        Field("youth_phone", "Youth's phone", Kind.PHONE, location=True),
        Field(
            "best_way",
            "Best way to reach the youth",
            Kind.TEXT,
            required=True,
            help="For example: text after school, or through the caregiver.",
            location=True,
        ),
        Field(
            "living_now",
            "Where the youth lives now",
            Kind.CHOICE,
            required=True,
            options=labelled(LIVING_NOW),
            location=True,
        ),
        Field(
            "address",
            "Address",
            Kind.LONG_TEXT,
            help="A Safe at Home substitute address is accepted. The agency sees it after acknowledging the safety alerts.",
            location=True,
        ),
        Field("in_county", "Resides in Los Angeles County", Kind.YES_NO, required=True),
        Field("pregnant_or_parenting", "Pregnant or parenting", Kind.YES_NO, sealed=True),
        Field(
            "orientation",
            "Sexual orientation, as offered by the youth",
            Kind.CHOICE,
            options=labelled(ORIENTATIONS),
            help="Optional. Never ask in front of others. Seen only by the case worker, the supervisor and the Advocate.",
            private=True,
        ),
        Field(
            "gender_identity",
            "Gender identity, as offered by the youth",
            Kind.CHOICE,
            options=labelled(IDENTITIES),
            private=True,
        ),
        Field(
            "gender_expression",
            "Gender expression, as offered by the youth",
            Kind.CHOICE,
            options=labelled(EXPRESSIONS),
            private=True,
        ),
    ),
)

STAFF_AND_TEAM = FormSection(
    "team",
    "Section III: Staff and team",
    (
        fact("worker_name", "CSW/DPO"),
        Field("worker_phone", "CSW/DPO phone", Kind.PHONE, required=True),
        fact("supervisor_name", "SCSW/SDPO"),
        Field("supervisor_phone", "SCSW/SDPO phone", Kind.PHONE),
        fact("office_name", "Office"),
        Field("caregiver", "Caregiver (name, relationship, phone)", Kind.TEXT, location=True),
        Field("attorney", "Child's attorney", Kind.TEXT),
        Field("phn", "Public Health Nurse (PHN)", Kind.TEXT),
        Field("therapist", "Therapist (DMH)", Kind.TEXT, sealed=True),
        Field("substance_provider", "Substance-abuse provider", Kind.TEXT, sealed=True),
        Field("education_rights", "Educational rights holder", Kind.TEXT),
        Field("courts", "Court", Kind.CHOICES, required=True, options=COURTS),
    ),
)

ALERTS = FormSection(
    "alerts",
    "Section IV: Safety alerts",
    (
        Field(
            "alerts_stated",
            "Safety alerts",
            Kind.CHOICE,
            required=True,
            options={"present": "Safety alerts are present", "none": "No safety alerts are known"},
        ),
        Field(
            "alerts",
            "Kinds of alert",
            Kind.ALERTS,
            required=True,
            options=SAFETY_ALERTS,
            shown_if=lambda a: a.get("alerts_stated") == "present",
        ),
    ),
    note="The Advocate goes to meet the youth on the strength of this section. The agency must acknowledge it first.",
)

CIRCUMSTANCES = FormSection(
    "circumstances",
    "Section V: Circumstances",
    (
        Field(
            "hotline",
            "Child Protection Hotline referral?",
            Kind.CHOICE,
            required=True,
            options={"yes": "Yes, referral number", "no": "No referral", "na": "Not applicable"},
        ),
        Field(
            "hotline_number",
            "Hotline referral number",
            Kind.TEXT,
            required=True,
            help="19 digits, with or without hyphens.",
            shown_if=lambda a: a.get("hotline") == "yes",
        ),
        Field(
            "attention", "Describe how the youth came to the attention of DCFS/Probation", Kind.LONG_TEXT, required=True
        ),
        Field("family", "Describe current family dynamics and family involvement", Kind.LONG_TEXT, required=True),
        Field("spoke_youth", "Have you spoken with the youth about advocacy services?", Kind.YES_NO, required=True),
        Field(
            "spoke_youth_on",
            "Date spoken with the youth",
            Kind.DATE,
            required=True,
            shown_if=lambda a: a.get("spoke_youth") is True,
        ),
        Field(
            "youth_agrees",
            "The youth agrees",
            Kind.YES_NO,
            required=True,
            shown_if=lambda a: a.get("spoke_youth") is True,
        ),
        Field("spoke_caregiver", "Have you spoken with the caregiver?", Kind.YES_NO, required=True),
        Field(
            "spoke_caregiver_on",
            "Date spoken with the caregiver",
            Kind.DATE,
            required=True,
            shown_if=lambda a: a.get("spoke_caregiver") is True,
        ),
        Field(
            "caregiver_agrees",
            "The caregiver agrees",
            Kind.YES_NO,
            required=True,
            shown_if=lambda a: a.get("spoke_caregiver") is True,
        ),
        Field(
            "caregiver_why_not",
            "If the caregiver was not spoken with or does not agree, why not?",
            Kind.LONG_TEXT,
            required=True,
            shown_if=lambda a: a.get("spoke_caregiver") is False or a.get("caregiver_agrees") is False,
        ),
        Field("testifying", "Is the youth testifying against an exploiter?", Kind.YES_NO, required=True, sealed=True),
        Field("services", "Services asked for", Kind.CHOICES, required=True, options=SERVICES),
        Field(
            "exception",
            "Exception asked for",
            Kind.LONG_TEXT,
            help="Only when the youth is AWOL, lives outside the county or is outside the ages served: say why services should "
            "begin all the same. CSEC Administration sees this first.",
        ),
    ),
)

SIGNATURES = FormSection("signatures", "Section VI: Signatures", ())


REFERRAL = FormSpec(
    title="CSEC Advocacy Referral",
    version=1,
    sections=(TYPE_OF_REFERRAL, YOUTH_AND_CASE, STAFF_AND_TEAM, ALERTS, CIRCUMSTANCES, SIGNATURES),
    rules=(needs_exception, alerts_described, dates_past, hotline_number_valid),
)
