"""Measurements of CTS (make bench): ratios within one run on one machine, with the machine's noise."""
