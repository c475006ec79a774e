"""The kinds of steps that are built in, and who carries each of them out."""

from typing import Any

from careline.modules.contact.flows.engine.carrying_out import HANDLERS
from careline.modules.contact.flows.engine.interpreter import StepHandler
from careline.modules.contact.flows.engine.proving import ServicePassword, ask_service_password
from careline.modules.contact.flows.engine.steps import (
    BusinessCall,
    Collect,
    Condition,
    Consent,
    Enqueue,
    HangUp,
    HoursStep,
    Menu,
    Return,
    Say,
    Set,
    Step,
    SubFlow,
)

BUILT_IN: tuple[type[Step], ...] = (
    Say,
    Menu,
    Collect,
    ServicePassword,
    Set,
    Enqueue,
    Condition,
    HoursStep,
    BusinessCall,
    SubFlow,
    Return,
    Consent,
    HangUp,
)

BUILT_IN_HANDLERS: dict[type[Step], StepHandler[Any]] = {**HANDLERS, ServicePassword: ask_service_password}
