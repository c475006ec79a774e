"""A property test is judged by what it finds, never by how long an example took: the machine may be busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("careline", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("careline")
