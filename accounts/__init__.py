"""Users, programmes, memberships, roles and permissions."""
