"""A section whose questions lie in a fold, for those who need not see them."""

from core.layout import Section


class FoldedSection(Section):
    """The legend and one line stay in sight; `fold` is what opens the questions, `is_open` from the start."""

    template = "referrals/_folded_section.html"

    def __init__(self, section: Section, *, fold: str, line: str = "", is_open: bool = False) -> None:
        super().__init__(section.legend, *section.fields, css_id=section.css_id)
        self.fold = fold
        self.line = line
        self.is_open = is_open
