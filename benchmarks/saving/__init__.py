"""The process beside the city when the saving of calls is measured."""
