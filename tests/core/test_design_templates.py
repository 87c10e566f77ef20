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


TAG = re.compile(r"{%\s*(.*?)\s*%}|{{(.*?)}}", re.DOTALL)


def read_in_other_blocks(text: str) -> set[str]:
    """Return the names made by "as" in one block and read in another, where they are gone: "" is shown."""
    blocks, made, read = [""], dict[str, set[str]](), set[tuple[str, str]]()
    for tag, variable in TAG.findall(text):
        if tag.startswith("block "):
            blocks.append(tag.split()[1])
        elif tag.split()[:1] == ["endblock"]:
            blocks.pop()
        else:
            said, _, given = tag.partition(" as ")
            if given:
                made.setdefault(given.strip(), set()).add(blocks[-1])
            words = re.sub(r'"[^"]*"', "", said or variable)
            read |= {(blocks[-1], word) for word in re.findall(r"(?<![\w.])[a-z_]+", words)}
    return {word for block, word in read if word in made and block not in made[word]}


def test_a_name_read_in_another_block_is_found():
    lost = "{% block a %}{% url 'x' as list_url %}{% endblock %}{% block b %}{{ list_url }}{% endblock %}"
    assert read_in_other_blocks(lost) == {"list_url"}
    assert read_in_other_blocks(lost.replace("{{ list_url }}", "{% url 'x' as list_url %}")) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_reads_no_name_that_another_block_has_made(path):
    assert read_in_other_blocks(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_component_lists_its_arguments_on_the_first_line(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("{# ")
    assert first.endswith(" #}")
