"""CTS, the CSEC Tracking System of Los Angeles County."""
