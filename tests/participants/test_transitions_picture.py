"""The picture in docs/architecture.md shows the table of moves, each move and none besides."""

from collections.abc import Iterator
from pathlib import Path

from participants.enums import Stage
from participants.transitions import TRANSITIONS

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- stages: begin -->\n", "<!-- stages: end -->"


def picture() -> str:
    """Return the table of moves as a Mermaid state diagram in a code block."""
    return "\n".join(["```mermaid", *_lines(), "```", ""])


def _lines() -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    yield f"    [*] --> {Stage.RECEIVED}"
    for from_stage, targets in TRANSITIONS.items():
        for to_stage in Stage:  # in the order of the path, so that the text is always the same
            if to_stage in targets:
                yield f"    {from_stage} --> {to_stage}"
    yield f"    {Stage.CLOSED} --> [*]"


def test_the_picture_in_the_documentation_is_the_table_of_moves() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = text.partition(BEGIN)[2].partition(END)[0]

    assert shown.strip() == picture().strip(), (
        f"Put this between the markers in docs/architecture.md:\n\n{picture()}"
    )


def test_the_table_has_every_stage() -> None:
    assert set(TRANSITIONS) == set(Stage)
