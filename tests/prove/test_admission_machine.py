"""The state machine of admission, at length."""

import pytest
from hypothesis import HealthCheck, settings

from tests.property.test_admission_machine import Admission

TestAdmissionAtLength = pytest.mark.prove(Admission.TestCase)
TestAdmissionAtLength.settings = settings(
    max_examples=1500,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
