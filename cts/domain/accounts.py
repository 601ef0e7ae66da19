"""The words about accounts: where one stands, what a link by e-mail is for, and the browser of a session in plain words."""

import re
from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a link by e-mail is for: the first passphrase of an account, or a new one."""

    INVITATION = "invitation"
    RESET = "reset"


class AccountState(StrEnum):
    """Where an account stands, in the words of the page of Technical support."""

    INVITED = "Invited"
    ACTIVE = "Active"
    LOCKED = "Locked"
    ENDED = "Ended"


class SignInStep(StrEnum):
    """What comes after the right passphrase."""

    ENTERED = "entered"
    CODE = "code"
    SET_UP = "set up"


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """What a browser says of itself, as a person would say it: "Chrome on Windows". Never the text itself, which anybody can choose."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    system = next((words for mark, words in _SYSTEMS if re.search(rf"\b{mark}\b", user_agent)), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"
