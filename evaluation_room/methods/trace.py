"""The trace (计算过程): every figure with its inputs, its rule, and its rounding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluation_room.methods.rules import RULES
from records.canonical import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One figure.

    `figure` and the names of `inputs` share one naming: a computed input is the figure of an earlier step with the same
    value; any other input was given. `rounded`: to what, "" when nothing was.
    """

    figure: str
    value: str
    unit: str
    rule: str
    inputs: Mapping[str, str]
    rounded: str = ""
    note: str = ""

    @property
    def source(self) -> str:
        return RULES[self.rule].source

    @property
    def as_value(self) -> dict[str, Value]:
        fields: dict[str, Value] = {"figure": self.figure, "value": self.value, "unit": self.unit}
        fields |= {"rule": self.rule, "source": self.source}
        fields["inputs"] = [{"name": name, "value": value} for name, value in self.inputs.items()]
        if self.rounded:
            fields["rounded"] = self.rounded
        if self.note:
            fields["note"] = self.note
        return fields


@dataclass(slots=True)
class Trace:
    """The steps of one evaluation while it runs."""

    steps: list[Step] = field(default_factory=list)

    def add(
        self,
        figure: str,
        value: str,
        unit: str,
        rule: str,
        inputs: Iterable[tuple[str, str]],
        *,
        rounded: str = "",
        note: str = "",
    ) -> None:
        self.steps.append(
            Step(figure=figure, value=value, unit=unit, rule=rule, inputs=dict(inputs), rounded=rounded, note=note),
        )
