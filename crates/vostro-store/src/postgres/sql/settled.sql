SELECT entries, audit FROM settled()
