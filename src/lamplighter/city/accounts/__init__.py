"""Who works here: agencies, people, roles and what each role may open."""
