"""The guide's stories retold by hand in a real browser, against the real server with the sample extract loaded."""
