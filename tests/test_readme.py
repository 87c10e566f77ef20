"""What README.md shows is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LARGEST_PICTURE = 250_000


def test_readme_shows_pictures_that_exist_and_load_fast():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(pictures) == 8
    for picture in pictures:
        assert 0 < (ROOT / picture).stat().st_size < LARGEST_PICTURE


def test_readme_points_only_at_files_that_exist():
    links = re.findall(r"\]\(((?:docs|tests)/[^)#]*)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
