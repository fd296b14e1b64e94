"""What is raised where teams and calls cannot be simulated."""


class SimulationError(ValueError):
    """These teams or calls make no scenario; the message says what is wrong and what to do."""
