"""The state machine of admission, at length."""

import pytest
from hypothesis import HealthCheck, settings

from tests.property.test_admission_machine import Admission


class AdmissionAtLength(Admission):
    """The same people, for longer."""


TestAdmissionAtLength = pytest.mark.prove(AdmissionAtLength.TestCase)
TestAdmissionAtLength.settings = settings(
    max_examples=120,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
