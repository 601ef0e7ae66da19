"""The key of encryption of every test, so that a copied database can be read by whoever got the copy."""

A_DATA_KEY = "tests:" + "A" * 42 + "8="
