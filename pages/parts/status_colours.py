"""The colour of each status, on every page the same."""

from cts.domain.vocabulary import CLOSED_STATUSES, Status

STATUS_COLOURS = {
    Status.NEW: "blue",
    Status.PENDING_SUPERVISOR: "orange",
    Status.PENDING_ADMINISTRATION: "violet",
    Status.REJECTED: "red",
    Status.APPROVED: "green",
    Status.NOT_STARTED: "gray",
    Status.IN_PROGRESS: "blue",
    Status.PENDING_BY_WORKER: "orange",
    Status.PENDING_BY_SUPERVISOR: "orange",
    Status.PENDING_PRE_APPROVAL: "orange",
    Status.RECEIPTS_SUBMITTED: "violet",
    Status.REIMBURSED: "green",
} | dict.fromkeys(CLOSED_STATUSES, "gray")
