SELECT audit_horizon('1 second')
