"""The guide retold by hand, on the services. No story reads the table of the workflow."""
