"""The twelve-month meter of a service: a bar with words."""

from cts.domain.fields import us_date
from cts.domain.service_time import ServiceTime
from cts.services.actor import Actor
from cts.services.service_meter import meter_of
from pages.shell import frame


def meter_words(actor: Actor, number: int) -> dict[str, str | int] | None:
    """Months used of months allowed, in words and in percent, start, end, extensions, and what has to be looked at now.

    None before a service began. Raises NotPermitted.
    """
    meter = meter_of(actor, number, frame.now())
    if meter is None:
        return None
    return {
        "used": _used(meter),
        "share": round(100 * meter.share),
        "dates": _dates(meter),
        "attention": meter.attention,
    }


def _used(meter: ServiceTime) -> str:
    months = f"{meter.months_used} of {meter.months_allowed} months"
    return f"Service: {months} used" if meter.served_to is None else f"Served {months}"


def _dates(meter: ServiceTime) -> str:
    if meter.served_to is not None:
        return f"From {us_date(meter.start_on)} to {us_date(meter.served_to)}"
    added = [f"extended from {us_date(e.from_on)} to {us_date(e.to_on)}" for e in meter.extensions]
    return "; ".join([f"Began {us_date(meter.start_on)}, ends {us_date(meter.end_on)}", *added])
