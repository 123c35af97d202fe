SELECT stopped, ordered_by, reason, ordered_at FROM money_switch
