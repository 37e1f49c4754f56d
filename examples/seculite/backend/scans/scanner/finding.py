"""What a scan has found out, a point each."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["good", "note", "weak", "bad"]


@dataclass(frozen=True)
class Finding:
    title: str
    level: Level
    detail: str

    as_dict = asdict


def grade(findings: list[Finding]) -> str:
    levels = {finding.level for finding in findings}
    if "bad" in levels:
        return "poor"
    return "fair" if "weak" in levels else "good"
