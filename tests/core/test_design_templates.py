"""Rules that every template keeps."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
COMPONENTS = [path for path in TEMPLATES if path.parent.name == "components"]
MESSAGES = {path for path in TEMPLATES if "messages" in path.parts}  # mail has no style sheet


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path not in MESSAGES], ids=name)
def test_template_has_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"\shx-on", text)
    assert all("src=" in tag or "nonce=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_fetches_nothing_from_elsewhere(path):
    assert not re.search(r"(?:src|<link[^>]*href)=\"(?:https?:)?//", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_component_lists_its_arguments_on_the_first_line(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("{# ")
    assert first.endswith(" #}")
