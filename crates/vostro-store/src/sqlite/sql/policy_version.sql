SELECT coalesce(max(version), 0) FROM policy_changes
