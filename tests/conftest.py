"""Common to all tests: property tests without a deadline, because machines differ and time is never asserted."""

from hypothesis import HealthCheck, settings

settings.register_profile("tongping", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tongping")
