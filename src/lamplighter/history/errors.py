"""What can go wrong with a call file or a layout, each said in one sentence."""


class HistoryError(Exception):
    """A call file or a history that cannot be used: what, where and what to do."""


class LayoutError(HistoryError):
    """A layout that cannot be used; `problems` has one sentence for each thing that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
