"""The locks name exact packages with hashes; Streamlit's settings are the safe ones, and its colours can be read."""

import re
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from streamlit import config as streamlit_config

from tests.house_rules.source import PROJECT

# platform behaviour each of these guards against is told beside it in .streamlit/config.toml
SECURITY: dict[str, object] = {
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.trustedUserHeaders": {"X-Cts-Session": "session"},
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "client.allowedOrigins": [],
    "browser.gatherUsageStats": False,
}
SPEED: dict[str, object] = {"runner.postScriptGC": False, "server.fileWatcherType": "none"}
COLOURS = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


def config() -> dict[str, dict[str, Any]]:
    return tomllib.loads((PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def requirements(name: str) -> list[str]:
    """The requirements of a lock, each with its continuation lines joined."""
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_is_exact_and_hashed(name: str) -> None:
    lines = requirements(name)
    assert len(lines) > 20
    exact = re.compile(r"[a-z0-9][a-z0-9.-]*==[\w.]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line[:80] for line in lines if not exact.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_dependency_is_locked_and_says_why_it_is_here(name: str) -> None:
    lines = (PROJECT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    locked = {re.split(r"[=;\s]", line)[0] for line in requirements(f"{name}.txt")}
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    names = {re.split(r"[\[=<>;\s]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names - locked == set()
    unexplained = [here for before, here in pairwise(lines) if here in wanted and not before.startswith("#")]
    # Packages of one family may stand below one explanation.
    assert [line for line in unexplained if lines[lines.index(line) - 1] not in wanted] == []


@pytest.mark.parametrize(("option", "value"), [*SECURITY.items(), *SPEED.items()])
def test_streamlit_is_set_safe_and_fast(option: str, value: object) -> None:
    section, key = option.split(".")
    assert config()[section][key] == value


def test_hosts_and_upload_size_are_bounded() -> None:
    server = config()["server"]
    assert server["allowedHosts"]
    assert "*" not in server["allowedHosts"]
    assert server["maxUploadSize"] <= 50


def test_streamlit_knows_every_option_we_set() -> None:
    """A misspelt or dropped option is ignored without a word, so an upgrade could switch a protection off."""
    known = streamlit_config.get_config_options()
    assert [f"{s}.{key}" for s, options in config().items() for key in options if f"{s}.{key}" not in known] == []


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB as WCAG 2.1 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_text_can_be_read_on_every_background() -> None:
    theme = config()["theme"]
    grounds = (theme["backgroundColor"], theme["secondaryBackgroundColor"])
    pairs = [(theme[text], ground) for ground in grounds for text in ("textColor", "linkColor", "primaryColor")]
    pairs += [(theme[f"{c}TextColor"], theme[f"{c}BackgroundColor"]) for c in COLOURS]
    pairs += [(theme[f"{c}TextColor"], ground) for c in COLOURS for ground in grounds]
    pairs.append((theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]))
    assert [(text, ground) for text, ground in pairs if contrast(text, ground) < 4.5] == []
    assert contrast(theme["borderColor"], theme["backgroundColor"]) >= 3


def test_no_font_or_theme_is_fetched_from_outside() -> None:
    text = (PROJECT / ".streamlit/config.toml").read_text(encoding="utf-8")
    assert "://" not in text
    assert "fontFaces" not in text
