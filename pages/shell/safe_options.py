"""Streamlit's settings that CTS relies on, checked before anything is served: from another folder they would be ignored."""

from streamlit import config

REQUIRED: dict[str, object] = {
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {"X-Cts-Session": "session"},
    "server.fileWatcherType": "none",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.disableDataExport": True,
    "browser.gatherUsageStats": False,
    "runner.postScriptGC": False,
    "global.developmentMode": False,
    "logger.enableRich": False,
}


class UnsafeOptions(Exception):
    """CTS refuses to start; the message says which options do not hold."""


def demand_safe_options(hosts: tuple[str, ...], upload_limit_mb: int) -> None:
    """Set the host names CTS answers under and the size of uploads; raise UnsafeOptions when any option is not as required."""
    wrong = [
        f"{name} is {config.get_option(name)!r}" for name, safe in REQUIRED.items() if config.get_option(name) != safe
    ]
    if wrong:
        raise UnsafeOptions(
            "CTS does not start: .streamlit/config.toml was not read or was changed. Start it from its own folder. "
            + "; ".join(wrong)
        )
    config.set_option("server.allowedHosts", list(hosts))
    config.set_option("server.maxUploadSize", upload_limit_mb)
