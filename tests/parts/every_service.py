"""Every function of the services that takes a person and the number of an assignment, with arguments to call it: none is left out."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import cts.services
from cts.domain.activity import Entry
from cts.domain.addresses import Tab
from cts.domain.vocabulary import Action, Document
from cts.domain.whereabouts import Update
from cts.services.actor import Actor
from cts.services.steps import StepRequest
from tests.cast import NOW, PASSWORD

GIVEN: dict[str, Any] = {
    "answers": {},
    "arrived": {},
    "code": "other",
    "content": b"%PDF-1.7",
    "entry": Entry(date(2026, 11, 2), "visit", "in_person", "home", "completed", 30, ("youth",), "Short."),
    "entry_id": 1,
    "entry_key": "a key",
    "kind": "receipt",
    "kinds": (Document.FUNDS,),
    "month": None,
    "name": "paper.pdf",
    "now": NOW,
    "password": PASSWORD,
    "person_id": None,
    "reason": "A reason.",
    "request": StepRequest(Action.SUBMIT, 1, "a key of nobody"),
    "round_": 1,
    "seen": None,
    "seen_version": 1,
    "sequence": 1,
    "step_key": "another key of nobody",
    "tab": Tab.SUMMARY,
    "token": "0" * 32,
    "typed": "Paul",
    "typed_name": "Somebody",
    "update": Update(date(2026, 11, 2), "Misc update", "Short."),
}
"""Arguments by name; a document's kind is tried with all of them."""


READ_NOTHING = {"printing.plain_paper", "emergency.emergency_words", "cover_lists.cover_words"}
"""A sheet of paper with nothing of the youth on it; until when somebody has opened a record in an emergency, and for whom somebody covers,
nothing for all others."""


def services_of_a_youth() -> dict[str, Callable[..., Any]]:
    """Every public function of cts.services whose first arguments are a person and the number of an assignment, by name."""
    found = {}
    for module in pkgutil.iter_modules(cts.services.__path__):
        loaded = importlib.import_module(f"cts.services.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            asked = list(inspect.signature(function).parameters)
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and asked[:2] == ["actor", "number"]:
                found[f"{module.name}.{name}"] = function
    return {name: function for name, function in found.items() if name not in READ_NOTHING}


def ways_to(actor: Actor, number: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every call of a service about this assignment by this person, once for each kind of document where one is asked."""
    for name, function in services_of_a_youth().items():
        asked = {k: p for k, p in inspect.signature(function).parameters.items() if k not in {"actor", "number"}}
        wanted = {k: GIVEN[k] for k, p in asked.items() if p.default is inspect.Parameter.empty or k == "sequence"}
        if "kind" in asked and asked["kind"].annotation is Document:
            for kind in Document:
                yield f"{name} of {kind}", partial(function, actor, number, **wanted | {"kind": kind})
        else:
            yield name, partial(function, actor, number, **wanted)
