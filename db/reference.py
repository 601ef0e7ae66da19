"""The offices CTS begins with: the State's public table of 2018, and Probation's two. Kept by CSEC Administration afterwards."""

from sqlalchemy import Connection, insert, select

from cts.domain.vocabulary import LeadAgency
from db.models import Office

DCFS_OFFICES = {
    "1901A": "South County",
    "1902A": "Santa Fe Springs",
    "1903A": "Pomona",
    "1910A": "West LA",
    "1911A": "Century",
    "1912A": "Pasadena",
    "1914A": "Santa Clarita",
    "1915A": "Lancaster",
    "1917A": "Metro North",
    "1918A": "Belvedere",
    "1919A": "Torrance",
    "1920A": "Glendora",
    "1926A": "North Hollywood",
    "1927A": "Hawthorne",
    "1965A": "Wateridge",
    "1979A": "Compton",
    "1983A": "Palmdale",
    "1989A": "El Monte",
    "19AJA": "West San Fernando Valley",
    "19ALA": "Vermont Corridor",
    "19AMA": "Compton Project West",
}
PROBATION_OFFICES = {"PCTU1": "Child Trafficking Unit", "PFOOT": "Foothill Area Office"}


def add_offices(connection: Connection) -> None:
    """Add the known offices to a database that has none."""
    if connection.execute(select(Office.code).limit(1)).first() is not None:
        return
    kinds = ((LeadAgency.DCFS, DCFS_OFFICES), (LeadAgency.PROBATION, PROBATION_OFFICES))
    rows = [{"code": c, "name": n, "department": d, "active": True} for d, offices in kinds for c, n in offices.items()]
    connection.execute(insert(Office), rows)
