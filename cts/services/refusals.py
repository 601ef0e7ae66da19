"""The few refusals of CTS. Their sentence is what the person reads: it names what is possible instead."""


class Refusal(Exception):
    """A step or a look that is not possible. `str()` is the sentence shown, below `title` where it stands alone on a page."""

    title = "Not found"


class NotPermitted(Refusal):
    """This person may not do this, or there is no such thing: the two look alike on purpose."""


class EmergencyEnded(NotPermitted):
    """The record was open to this person in an emergency, and is no more. Said to nobody else: there it looks like any record."""

    title = "Emergency access has ended"


class OutOfDate(Refusal):
    """Somebody, or another tab, was faster. The sentence says what happened."""


class WorkHasMoved(OutOfDate):
    """What a preview said of open work is so no more. Nothing was done; the preview is to be shown anew."""


class Incomplete(Refusal):
    """Something the step needs is missing or impossible. `problems` are (field, sentence) where a form is concerned."""

    def __init__(self, sentence: str, problems: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.problems = problems


class Unreadable(Refusal):
    """What is kept encrypted does not open: a key is missing, or the value was changed. Nothing was done."""

    title = "Cannot be opened"


EMERGENCY_ENDED = (
    "Your emergency access to this record has ended: its time is over, or it was reviewed. "
    "If you must see the record again for your work, search for it on the Home page."
)
NOT_FOUND = "There is no such record among those you may see. Search for it on the Home page."
