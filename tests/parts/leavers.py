"""What has become of the work of somebody who left, or has another role or place."""

from sqlalchemy import select

from cts.services.timeline import line_of_life
from db.models import Assignment, EmailOwed
from db.session import reading
from tests.parts.desk import Desk

CANARY = "Canary-Rodríguez"


def assignment_of(desk: Desk) -> Assignment:
    with reading() as session:
        return session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()


def told(template: str) -> list[str]:
    with reading() as session:
        rows = session.scalars(select(EmailOwed).where(EmailOwed.template == template).order_by(EmailOwed.id)).all()
    assert not any(CANARY in str(row.details) for row in rows)
    return [f"{row.to_address}: {row.details['waiting']}" for row in rows]


def life(desk: Desk, who: str = "admin") -> str:
    return "\n".join(
        line.sentence for chapter in line_of_life(desk.cast.people[who], desk.number) for line in chapter.lines
    )
