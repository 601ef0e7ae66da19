"""The colours of the application are told as Streamlit would tell them."""

from collections.abc import Iterator

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from pages.shell import kept_theme


def told() -> CustomThemeConfig:
    """All that a run tells, as AppSession puts it together."""
    theme = CustomThemeConfig()
    app_session._populate_theme_msg(theme)
    for part, section in {
        "light": "theme.light",
        "dark": "theme.dark",
        "sidebar": "theme.sidebar",
    }.items():
        app_session._populate_theme_msg(getattr(theme, part), section)
    return theme


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = {name: config.get_option(name) for name in ("theme.primaryColor", "theme.dark.linkColor")}
    config.set_option("theme.primaryColor", "#123456")
    config.set_option("theme.dark.linkColor", "#654321")
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    kept_theme._read.cache_clear()
    yield
    for name, value in before.items():
        config.set_option(name, value)
    kept_theme._read.cache_clear()


def test_the_theme_is_told_alike(colours: None) -> None:
    before = told()
    kept_theme.keep_theme()
    assert told() == told() == before
    assert (before.primary_color, before.dark.link_color) == ("#123456", "#654321")
    assert len(before.chart_categorical_colors) == 6
