"""Streamlit tells the browser the colours and fonts of the application at every run, and reads three hundred settings for it each time.

They are settings of the server: nothing changes them while it runs. Each part is read once, by Streamlit's own function, and told from then on
as it was. A test holds both against each other.
"""

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_as_streamlit_reads_it = app_session._populate_theme_msg


@cache
def _read(section: str) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    _as_streamlit_reads_it(theme, section)
    return theme


def _tell(msg: CustomThemeConfig, section: str = "theme") -> None:
    known = _read(section)
    # To have been touched is something to the browser too: a part of which nothing is set stays away.
    if known.ByteSize():
        msg.MergeFrom(known)


def keep_theme() -> None:
    """Once, before the first request."""
    app_session._populate_theme_msg = _tell
