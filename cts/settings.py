"""The settings of CTS: one frozen, typed object, read once from CTS_* environment variables, strictly."""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cts.domain.vocabulary import Role
from cts.settings_limits import LIMITS, beyond_limits, is_guessable, keys_in, weak_keys, wide_proxies

PROJECT = Path(__file__).resolve().parent.parent
MODES = ("demonstration", "production")

HOURS = ("remind_at_hour", "check_at_hour", "anchor_at_hour", "night_begins_at_hour", "night_ends_at_hour")
LAWFUL = (
    ("retain_years", 3, "WIC 10851 demands three years after the last service"),
    ("retain_to_age", 28, "WIC 826 keeps dependency files to that age"),
)


class UnsafeSettings(Exception):
    """CTS refuses to start; the message says which setting to mend and how."""


@dataclass(frozen=True)
class Settings:
    """Every setting. The name of the environment variable is CTS_ and the name in capitals.

    Durations carry their unit in the name. Times are kept in UTC and shown in `time_zone`.
    """

    mode: str = "demonstration"
    var_dir: Path = PROJECT / "var"
    database_url: str = ""
    base_url: str = "http://localhost:8501"
    secret_key: str = ""
    data_keys: str = ""
    time_zone: str = "America/Los_Angeles"
    session_idle_minutes: int = 30
    session_hours: int = 12
    sign_in_attempts: int = 5
    sign_in_window_minutes: int = 15
    account_link_minutes: int = 30
    second_factor_roles: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_ca_file: str = ""
    mail_from: str = "CTS <no-reply@cts.example>"
    mail_every_seconds: int = 5
    support_email: str = "support@cts.example"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_ca_file: str = ""
    county_host: str = ""
    trusted_proxies: str = ""
    upload_limit_mb: int = 50
    plan_phases: str = "Initial Risk Assessment: 30, Multi-Session: 82, Resolution: 250"
    service_months: int = 12
    extension_months: int = 6
    contact_every_days: int = 7
    file_limit_mb: int = 10
    files_per_assignment: int = 200
    clamd: str = ""
    remind_at_hour: int = 7
    escalate_after_working_days: int = 5
    claim_working_days: int = 1
    cover_days_at_most: int = 92
    audit_anchor_to: str = ""
    audit_anchor_file: str = ""
    anchor_at_hour: int = 2
    emergency_hours: int = 4
    unusual_records: int = 30
    unusual_searches: int = 40
    unusual_exports: int = 10
    unusual_export_rows: int = 500
    unusual_refusals: int = 5
    night_begins_at_hour: int = 22
    night_ends_at_hour: int = 5
    check_at_hour: int = 2
    disk_free_mb: int = 2000
    extract_late_days: int = 5
    backup_late_hours: int = 30
    retain_years: int = 3
    retain_to_age: int = 28
    purge_after_days: int = 30
    retain_email_days: int = 730
    retain_refusal_days: int = 90
    retain_session_days: int = 365
    retain_draft_days: int = 180
    export_rows: int = 10_000
    export_pdf_rows: int = 500

    @property
    def demonstration(self) -> bool:
        """Whether the demonstration cast with its published passwords may exist."""
        return self.mode == "demonstration"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names under which CTS answers; loopback names too when it is served there."""
        host = urlsplit(self.base_url).hostname or "localhost"
        here = (host, "localhost", "127.0.0.1") if host in {"localhost", "127.0.0.1"} else (host,)
        return (*here, self.county_host) if self.county_host and self.county_host not in here else here

    @property
    def second_factor_required(self) -> frozenset[Role]:
        """The roles whose people must have a second factor: those of the setting, and in production always these two."""
        always = frozenset() if self.demonstration else frozenset({Role.ADMINISTRATION, Role.SUPPORT})
        return always | {Role(name) for name in _named_roles(self.second_factor_roles)}

    @property
    def phases(self) -> tuple[tuple[str, int], ...]:
        """Title and length in days of each phase of an Advocacy Plan."""
        return tuple(
            (title.strip(), int(days))
            for title, _, days in (part.rpartition(":") for part in self.plan_phases.split(","))
        )

    @property
    def keys(self) -> Mapping[str, bytes]:
        """The keys of encryption by name; the first one encrypts."""
        return keys_in(self.data_keys)

    @property
    def anchor_path(self) -> Path:
        """The file of anchors (see cts/outside/anchor_file.py)."""
        return Path(self.audit_anchor_file) if self.audit_anchor_file else self.var_dir / "audit-anchors.txt"

    @property
    def county_login(self) -> bool:
        """Whether the guide's "County Login" button is shown: OpenID Connect is configured."""
        return bool(self.oidc_issuer)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from CTS_* variables. Raises UnsafeSettings for unknown names, unreadable values and unsafe combinations."""
    known = {"CTS_" + f.name.upper(): f for f in fields(Settings)}
    unknown = sorted(
        k for k in environment if k.startswith("CTS_") and k not in known and not k.startswith("CTS_TEST_")
    )
    if unknown:
        raise UnsafeSettings(f"Unknown setting {', '.join(unknown)}. The operating guide lists the settings.")
    values: dict[str, Any] = {
        f.name: _parse(name, type(f.default), environment[name]) for name, f in known.items() if name in environment
    }
    settings = Settings(**values)
    _refuse_unsafe(settings)
    var_dir = settings.var_dir.resolve()
    secret_key = settings.secret_key or _kept_secret(var_dir)
    return Settings(
        **{
            **settings.__dict__,
            "var_dir": var_dir,
            "database_url": settings.database_url or f"sqlite:///{var_dir / 'cts.sqlite'}",
            "secret_key": secret_key,
            "data_keys": settings.data_keys or _own_data_key(secret_key),
        }
    )


def _parse(name: str, kind: type, text: str) -> object:
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise UnsafeSettings(f"{name} must be true or false, not {text!r}.")
        return text.lower() == "true"
    if kind is int:
        if not text.isdigit() or int(text) < 1:
            raise UnsafeSettings(f"{name} must be a whole number above 0, not {text!r}.")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text


def _refuse_unsafe(settings: Settings) -> None:
    if settings.mode not in MODES:
        raise UnsafeSettings(f"CTS_MODE must be one of {', '.join(MODES)}, not {settings.mode!r}.")
    address = urlsplit(settings.base_url)
    if address.scheme not in {"http", "https"} or not address.hostname or address.path not in {"", "/"}:
        raise UnsafeSettings("CTS_BASE_URL must be an address such as https://cts.county.example, without a path.")
    if not re.fullmatch(r"([^:,]+:\s*[1-9]\d{0,3}\s*(,|$)){3}", settings.plan_phases):
        raise UnsafeSettings(
            "CTS_PLAN_PHASES must be three titles with days, such as First: 30, Second: 82, Third: 250."
        )
    _refuse_signing_in(settings)
    if settings.data_keys and not settings.keys:
        raise UnsafeSettings(
            "CTS_DATA_KEYS must be one or more keys, name:key, with a comma between: each key 32 random bytes in base64 (either alphabet), "
            "each name up to 20 letters, digits and hyphens, none twice. "
            "To make one: python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    if settings.clamd and not re.fullmatch(r"/.+|.+:[1-9]\d{0,4}", settings.clamd):
        raise UnsafeSettings(
            "CTS_CLAMD must be host:port, such as 127.0.0.1:3310, or the path of the scanner's socket."
        )
    if named := wide_proxies(settings.trusted_proxies):
        raise UnsafeSettings(
            f"CTS_TRUSTED_PROXIES names {named}: write the addresses of your own proxies, such as 10.1.2.3 or 10.1.2.0/24, with a comma "
            "between; whoever is trusted there says which address a guess comes from."
        )
    _refuse_numbers(settings)
    if not settings.demonstration:
        _refuse_in_production(settings)


def _refuse_numbers(settings: Settings) -> None:
    for name in HOURS:
        if getattr(settings, name) > 23:
            raise UnsafeSettings(f"CTS_{name.upper()} must be an hour of the day, 1 to 23.")
    for name, least, law in LAWFUL:
        if getattr(settings, name) < least:
            raise UnsafeSettings(f"CTS_{name.upper()} must be {least} or more: {law}.")


def _refuse_signing_in(settings: Settings) -> None:
    if settings.county_host and not (settings.oidc_issuer and re.fullmatch(r"[a-z0-9.-]+", settings.county_host)):
        raise UnsafeSettings(
            "CTS_COUNTY_HOST must be a host name in small letters, and needs CTS_OIDC_ISSUER beside it."
        )
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_client_secret):
        raise UnsafeSettings("CTS_OIDC_ISSUER needs CTS_OIDC_CLIENT_ID and CTS_OIDC_CLIENT_SECRET beside it.")
    if unknown := set(_named_roles(settings.second_factor_roles)) - set(Role):
        raise UnsafeSettings(
            f"CTS_SECOND_FACTOR_ROLES names {', '.join(sorted(unknown))}; the roles are {', '.join(Role)}, with a comma between."
        )


def _named_roles(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def _refuse_in_production(settings: Settings) -> None:
    if len(settings.secret_key) < 32 or is_guessable(settings.secret_key):
        raise UnsafeSettings(
            "Production needs CTS_SECRET_KEY: at least 32 random characters, kept secret, the same on every server."
        )
    if not settings.data_keys:
        raise UnsafeSettings(
            "Production needs CTS_DATA_KEYS, with which files and the most private answers are encrypted. "
            "The operating guide says how to make one."
        )
    if weak := weak_keys(settings.data_keys):
        raise UnsafeSettings(weak)
    if urlsplit(settings.base_url).scheme != "https":
        raise UnsafeSettings("Production needs CTS_BASE_URL to begin with https://.")
    if settings.oidc_issuer and urlsplit(settings.oidc_issuer).scheme != "https":
        raise UnsafeSettings("Production needs CTS_OIDC_ISSUER to begin with https://, if it is set.")
    if not settings.smtp_host:
        raise UnsafeSettings("Production needs CTS_SMTP_HOST: without it no e-mail leaves the machine.")
    if not settings.smtp_starttls:
        raise UnsafeSettings("Production sends e-mail with STARTTLS only: remove CTS_SMTP_STARTTLS=false.")
    for name in LIMITS:
        if beyond := beyond_limits(name, getattr(settings, name)):
            raise UnsafeSettings(beyond)


def _kept_secret(var_dir: Path) -> str:
    """The demonstration's own random secret, made at the first start and kept beside its database."""
    path = var_dir / "secret_key"
    if not path.exists():
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text()


def _own_data_key(secret_key: str) -> str:
    """The demonstration's key of encryption, made from its secret."""
    key = hmac.digest(secret_key.encode(), b"CTS data key 1", hashlib.sha256)
    return f"own:{base64.urlsafe_b64encode(key).decode()}"


@cache
def settings() -> Settings:
    """The settings of this process, read at the first call."""
    return read_settings(os.environ)
