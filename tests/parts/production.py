"""Settings with which production starts."""

from tests.parts.keys import A_DATA_KEY

SAFE = {
    "CTS_MODE": "production",
    "CTS_BASE_URL": "https://cts.county.example",
    "CTS_SECRET_KEY": "a secret of thirty-two characters",
    "CTS_DATA_KEYS": A_DATA_KEY,
    "CTS_SMTP_HOST": "mail.county.example",
}
