"""The door of the city: where a person lands, and the sample city's way in."""
