"""What each role may do: verbs in code, so that a review sees every change of a right."""

import enum

from accounts.enums import Role


class Permission(enum.Enum):
    """One verb that a view asks for."""

    SEE_DASHBOARD = "see_dashboard"
    SEE_PARTICIPANTS = "see_participants"
    CHANGE_PARTICIPANTS = "change_participants"
    MANAGE_COHORTS = "manage_cohorts"
    MANAGE_MEASURES = "manage_measures"
    MANAGE_PARTNERS = "manage_partners"
    SEE_MESSAGES = "see_messages"
    SEE_STATISTICS = "see_statistics"
    MANAGE_SETTINGS = "manage_settings"


# The manager sees figures and never a person; the administrator sets up and never opens a participant.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(Permission) - {Permission.MANAGE_SETTINGS},
    Role.MANAGER: frozenset({Permission.SEE_STATISTICS}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_SETTINGS}),
}

# Where each role starts its day.
ROLE_HOME: dict[Role, str] = {
    Role.COORDINATOR: "recruitment:dashboard",
    Role.MANAGER: "recruitment:statistics",
    Role.ADMINISTRATOR: "recruitment:settings",
}


def role_has(role: Role | str, permission: Permission) -> bool:
    """Return whether `role` may do `permission`."""
    return permission in ROLE_PERMISSIONS[Role(role)]
