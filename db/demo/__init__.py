"""Invented youth and staff for demonstrations and measurements. Nothing here is about a real person."""
