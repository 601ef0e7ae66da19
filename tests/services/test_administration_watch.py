"""Who is told when somebody comes to the most powerful title, or could."""

from dataclasses import replace

from sqlalchemy import select

from cts.domain.vocabulary import Role
from cts.services import account_keeping, accounts
from cts.services.accounts import NewPerson
from cts.services.own_account import lately_changed
from db.models import EmailOwed
from db.session import reading
from tests.cast import NOW, OTHER_OFFICE, Cast
from tests.services.test_account_keeping import LATER, cast, moved, with_factor

__all__ = ["cast"]


def test_whatever_brings_somebody_to_the_administration_is_told_to_all_who_hold_it(cast: Cast) -> None:
    def told(whom: str = "admin") -> list[str]:
        with reading() as session:
            mine = (EmailOwed.to_address == f"{whom}@cts.example", EmailOwed.template == "administration_account")
            owed = session.scalars(select(EmailOwed).where(*mine).order_by(EmailOwed.id))
            return [f"{x.details['change']} ({x.details['user_name']}) by {x.details['by']}" for x in owed]

    new = NewPerson("Newcomer, Ida", Role.ADMINISTRATION, "ida@cts.example")
    ida = accounts.invite(cast.support, new, "ida", NOW)
    accounts.invite(cast.support, replace(new, role=Role.SUPPORT, email="ian@cts.example"), "ian", NOW)
    moved(cast, "csw", unit="1912A-09")
    moved(cast, "csw", role=Role.ADMINISTRATION)
    moved(cast, "csw", email="other@cts.example")
    account_keeping.end_account_of(cast.support, ida, LATER)
    account_keeping.take_up_again(cast.support, ida, LATER)
    with_factor(cast.admin_second.person_id)
    account_keeping.take_factor_away(cast.support, cast.admin_second.person_id, LATER)
    moved(cast, "csw", role=Role.SUPPORT)
    moved(cast, "csw", email="another@cts.example")
    by = "by Stella Support"
    expected = [
        f"Somebody was invited to the program's Administration: Ida Newcomer (ida) {by}",
        f"Somebody was given the title of the program's Administration: Wanda Worker (csw) {by}",
        f"The e-mail address of an account of the program's Administration was changed: Wanda Worker (csw) {by}",
        f"An account of the program's Administration that had ended was taken up again: Ida Newcomer (ida) {by}",
        f"The second factor of an account of the program's Administration was taken away: Abel Administrator (admin_second) {by}",
    ]
    assert told() == expected
    assert told("admin_second") == expected[:-1], "nobody is told of himself here"
    assert told("support") == []


def test_a_change_by_support_is_told_at_both_addresses_and_on_the_own_page(cast: Cast) -> None:
    moved(cast, "csw", unit="1912A-09")
    assert lately_changed(cast.csw) == ()
    moved(cast, "csw", email="other@cts.example")
    moved(cast, "csw", office_code=OTHER_OFFICE)
    with reading() as session:
        emails = session.scalars(select(EmailOwed).order_by(EmailOwed.id)).all()
        owed = [(e.to_address, e.details["change"]) for e in emails if e.template == "account_changed"]
    assert owed == [
        ("csw@cts.example", account_keeping.EMAIL_CHANGED),
        ("other@cts.example", account_keeping.EMAIL_NEW),
        ("other@cts.example", account_keeping.PLACE_CHANGED),
    ]
    assert [one.what for one in lately_changed(cast.csw)] == [account_keeping.PLACE_CHANGED, account_keeping.EMAIL_NEW]
    assert lately_changed(cast.colleague) == ()
