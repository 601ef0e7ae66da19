"""The option lists of the Referral (mission §4.1; codes are those of CWS/CMS where it has them)."""

SAFETY_ALERTS = {
    "6401": "Dangerous animal on premises",
    "6402": "Dangerous environment",
    "6403": "Firearms in home",
    "6404": "Gang affiliation or gang activity",
    "6405": "Hostile or aggressive client",
    "6406": "Remote or isolated location",
    "6407": "Severe mental health status",
    "6408": "Threat or assault on staff member",
    "exploiter_address": "Exploiter knows the address",
    "exploiter_contact": "Active contact by the exploiter",
    "not_to_contact": "Person not to contact",
    "6409": "Other",
}
"""CWS/CMS worker-safety codes, and three of our own."""

ORIENTATIONS = dict.fromkeys(
    ("Asexual", "Bisexual", "Gay", "Lesbian", "Straight", "Not listed", "Declines to state", "Unable to determine")
)
IDENTITIES = dict.fromkeys(
    (
        "Female",
        "Male",
        "Transgender female",
        "Transgender male",
        "Gender queer",
        "Gender non-binary",
        "Unsure",
        "Not listed",
        "Declines to state",
        "Did not ask",
    )
)
EXPRESSIONS = dict.fromkeys(
    ("Masculine", "Feminine", "Both", "Androgynous or non-conforming", "Declines to state", "Did not ask")
)
LIVING_NOW = dict.fromkeys(
    (
        "Home of parent",
        "Resource family home",
        "Relative or NREFM home",
        "Legal guardian home",
        "Short-term residential therapeutic program (STRTP)",
        "Intensive services foster care",
        "Community treatment facility",
        "Supervised independent living (SILP)",
        "Transitional housing",
        "Shelter or receiving home",
        "Juvenile hall or camp",
        "Hospital or psychiatric facility",
        "Drug rehabilitation facility",
        "Friend's home",
        "Homeless or unsheltered",
        "Not known",
        "Other",
    )
)
COURTS = {
    "dependency": "Dependency court",
    "dream": "Dependency: DREAM Court",
    "delinquency": "Delinquency court",
    "star": "Delinquency: STAR Court",
    "none": "No court",
}
SERVICES = {
    "assessment": "Assessment",
    "stabilization": "Stabilization and engagement",
    "mdt": "MDT participation",
    "court": "Court or testimony support",
    "linkage": "Linkage to services",
    "crisis": "Crisis response",
}
