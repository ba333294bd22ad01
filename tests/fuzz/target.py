"""One parser of foreign bytes under test: what it is given, and how it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from records.errors import TongpingError


@dataclass(frozen=True, kw_only=True)
class Target:
    """`inputs` and the parser. It may return, or raise an error of ours; anything else is a crash.

    `examples`: how many of its inputs a run of all tests looks at. Any: each parser takes its own kind of input.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    parse: Callable[[Any], object]
    examples: int = 150

    def answer(self, given: object) -> None:
        """Parse, and hold the error to being one that can be said."""
        each(self.parse)(given)


def each(*parsers: Callable[[Any], object]) -> Callable[[Any], None]:
    """Several parsers of the same input, each asked whatever the one before it said.

    An error of ours must be writable as UTF-8. Any: each parser takes its own kind of input.
    """

    def parse(given: object) -> None:
        for parser in parsers:
            try:
                parser(given)
            except TongpingError as error:
                str(error).encode()

    return parse
