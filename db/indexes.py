"""Every index of the tables, and the question it answers. A test compares this list with the tables; docs/performance.md points here.

What a list, a search or "Waiting on me" asks at a county's size and fifty times that must be found by one of these, never by reading a large
table from end to end (tests/services/test_query_plans.py). Primary keys and unique columns (Assignment #, client id, user name, keys of a
press) have indexes of their own, which are not listed.
"""

INDEXES: dict[str, str] = {
    # Home: the listing of each role, newest or oldest number first within a status
    "ix_assignment_worker_status": "the listing of a case worker: the own caseload",
    "ix_assignment_office_unit_status": "the listing of a supervisor: the own unit, or the office",
    "ix_assignment_office_status": "an office's open ones, of whichever unit: a supervisor's whole office, and its lists of Attention",
    "ix_assignment_supervisor_status": "what else is on a supervisor's listing: youth of another unit that are his or hers",
    "ix_assignment_agency_status": "the listing of an agency's coordinator; the load of an agency",
    "ix_assignment_advocate_status": "the listing of an Advocate; the load of an Advocate",
    "ix_assignment_status_number": "the listing of CSEC Administration by status; how many are in each; services that end, by number",
    "ix_assignment_other_worker_id": "dual youth on the listing of the worker of the other department",
    "ix_assignment_status_service_end_on": "services that end soon, and those over their term",
    # Each of these orders begins with whether an assignment is closed: in years nearly all are, and lists are of the others
    "ix_assignment_in_order": "the listing by Assignment #; what it is narrowed by stands beside it",
    "ix_assignment_referral_on": "the listing by Referral Date",
    "ix_assignment_by_referral": "the listing by Referral #",
    "ix_assignment_by_referral_name": "the listing by Referral Name",
    "ix_assignment_by_case": "the listing by Case #",
    "ix_assignment_by_state_id": "the listing by State ID",
    "ix_assignment_by_pdj": "the listing by PDJ #",
    "ix_assignment_by_csw": "the listing by case worker",
    "ix_assignment_by_scsw": "the listing by supervisor",
    "ix_assignment_by_youth_up": "the listing by name of the youth, from A on",
    "ix_assignment_by_youth_down": "the listing by name of the youth, from Z on; blank ones come last both ways",
    "ix_assignment_by_agency_up": "the listing by agency and Advocate, from A on",
    "ix_assignment_by_agency_down": "the listing by agency and Advocate, from Z on; blank ones come last both ways",
    # Attention
    "ix_assignment_status_phase_due_on": "phases of the plan that are overdue",
    "ix_assignment_status_contact_due_on": "youth whom nobody has met in person in time",
    "ix_assignment_case_flag_missing": "the flag that is not entered on the case: only these rows",
    "ix_assignment_flag_ended_on": "flags that ended while in service: only open rows with such a day",
    "ix_assignment_alerts_open": "youth of an agency whose safety alerts nobody has acknowledged: only these rows",
    "ix_assignment_no_advocate": "youth of an agency without an Advocate: only these rows",
    "ix_assignment_missing_since": "youth no longer in CWS/CMS: only these rows",
    "ix_assignment_worker_choice_open": "youth whose case worker has left, until a supervisor chose: only these rows",
    "ix_document_term_under_way": "whether an Extension Request or a Termination Report is in hand when a service is over: only those under way",
    "ix_assignment_former_worker_id": "whom CWS/CMS still names though that person has left: asked by each extract",
    # Search
    "ix_youth_name_part_kind_part": "search by the start of any part of a name",
    "ix_youth_full_name_last_first": "search by last and first name together, however many youth have one of them",
    "ix_name_spelling_word": "whether a word has its spellings already; those of a word that nobody bears any more are removed",
    "ix_youth_birth_date": "search by date of birth",
    "ix_youth_bare_state_id": "search by State ID in any grouping",
    "ix_youth_bare_pdj_number": "search by PDJ # in any grouping",
    "ix_assignment_referral_id": "search by Referral #; the episode an extract states",
    "ix_assignment_case_id": "search by Case #; the episode an extract states",
    "ix_assignment_youth_id": "all assignments of a youth: from a youth found by name to the listing, of which it tells number and status",
    # Waiting on me, reminders, time in status
    "ix_stay_person_open": "what waits for a person by name, oldest first",
    "ix_stay_office_open": "the pool of an office's supervisors, oldest first",
    "ix_stay_agency_open": "what waits for an agency's coordinator, oldest first",
    "ix_stay_party_open": "what waits for CSEC Administration, oldest first, among the stays that last; what is reminded of every day",
    "uq_stay_open": "the one stay of a document that lasts; at most one",
    "ix_stay_document_id": "the stays of a document, in order",
    "ix_stay_assignment_id": "the stays of an assignment's documents",
    "ix_stay_status_left": "the oldest that wait in a status, and what left it in some days",
    # Dashboards: the counts kept with every write
    "ix_stay_tally_scope": "what a program, an office or an agency has waiting, and did, month by month; also of one status, and of several",
    "ix_assignment_tally_scope": "how many assignments a program, an office or an agency has in each status",
    "ix_served_tally_scope": "sex, race and age of the youth in service",
    "ix_office_name": "the choice of offices, in the order of their names",
    # One record
    "ix_grid_row_assignment_id": "the CSEC Data Grid of an assignment",
    "ix_history_entry_assignment_id": "one line of life: the history of an assignment",
    "ix_history_entry_document_id": "the history of a document; who wrote and decided it (four eyes)",
    "ix_signature_document_id": "the signatures of a document",
    "ix_activity_assignment_day": "the activities of an assignment by day",
    "ix_activity_advocate_id": "the activities an Advocate has written",
    "ix_client_update_assignment_id": "Run Away Status / Misc Updates of an assignment",
    "ix_case_file_assignment_id": "the files of an assignment",
    "ix_case_file_sha256": "the same receipt handed in twice",
    # People and places
    "ix_person_office_role": "the supervisors of an office, who may act for each other",
    "ix_person_agency_id": "the people of an agency",
    "ix_cover_cover_last": "for whom a person covers now, at every rerun",
    "ix_cover_absent_last": "who covers for a person",
    "ix_cover_office_last": "who covers for whom in an office",
    # Signing in
    "ix_sign_in_session_person_id": "the sessions of a person, to show or end them",
    "ix_pending_sign_in_person_id": "sign-ins of a person that wait for the second factor",
    "ix_recovery_code_person_id": "the recovery codes of a person",
    "ix_account_link_person_id": "the links by which a person sets a passphrase",
    # The access log, emergency access
    "ix_access_entry_at": "the access log of some days; the entries whose time is over",
    "ix_access_entry_actor_id": "the access log of a person",
    "ix_access_entry_assignment_id": "who looked at a record",
    "ix_export_ticket_person_id": "the exports a person has asked for",
    "ix_export_ticket_made_at": "tickets of exports whose time is over",
    "ix_emergency_access_person_ends": "the emergency accesses of a person that are open now, at every rerun",
    "ix_emergency_access_assignment_id": "the emergency accesses to a record",
    "ix_emergency_access_reviewed_at": "emergency accesses that wait for their review",
    # E-mails and reminders
    "ix_email_owed_due": "the e-mails that are due, for the job that sends them",
    "ix_email_owed_to_person_id": "the e-mails of a person, in the e-mail log",
    "ix_reminder_item_digest_id": "what a digest holds",
    "ix_reminder_item_document_id": "the digests in which a document was",
    # Extracts, retention
    "ix_extract_load_extract_on": "the newest extract",
    "ix_extract_refusal_load_id": "the refused lines of a load",
    "ix_legal_hold_assignment_id": "the legal holds of an assignment",
    "ix_purge_permit_assignment_id": "whether a purge of this assignment is under way: asked by triggers",
    "ix_purge_permit_document_id": "whether a purge of this document is under way: asked by triggers",
}
