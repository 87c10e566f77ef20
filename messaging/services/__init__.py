"""Every write to the outbox: plan, deliver, decide, reconcile, forget."""

from messaging.services.planning import plan_message

__all__ = ["plan_message"]
