"""The three processes beside the city when the fan-out to boards is measured."""
