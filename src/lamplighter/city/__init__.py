"""The city: records of who asked, who went and what helped, shown to whoever may see them."""
