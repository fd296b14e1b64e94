"""Look at any city's call file and propose a layout for it."""

from lamplighter.history.describing.describe import describe_file
from lamplighter.history.describing.proposal import Proposal
from lamplighter.history.describing.written import layout_text, write_layout

__all__ = ["Proposal", "describe_file", "layout_text", "write_layout"]
