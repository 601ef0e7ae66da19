"""Reading the project's own documents: pages, links, names of things in code marks, examples of commands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.source import PROJECT

TOP = (".ci", ".streamlit", "app.py", "cts", "db", "docs", "pages", "tests")
"""What a path of the project begins with; var/ and .venv/ are made later."""

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    """Every document: README, CONTRIBUTING, CHANGELOG and docs/."""
    found = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return found + sorted((PROJECT / "docs").rglob("*.md"))


def name_of(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_fences(text: str) -> str:
    return _FENCE.sub("", text)


def links(page: Path) -> Iterator[str]:
    """Targets of links and pictures that are not addresses of the web."""
    for target in _LINK.findall(without_fences(text_of(page))):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: Path) -> set[str]:
    """The anchors a reader can be led to: headings, as GitHub names them."""
    headings = re.findall(r"^#+ +(.+)$", without_fences(text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def marked(page: Path) -> Iterator[str]:
    """Everything in code marks within the text."""
    yield from re.findall(r"`([^`\n]+)`", without_fences(text_of(page)))


def paths_named(page: Path) -> Iterator[tuple[str, str]]:
    """(path, test in it or '') for everything in code marks or shell examples that looks like a path of the project."""
    words = [word for text in (*marked(page), *shell_lines(page)) for word in text.split()]
    for word in words:
        path, _, test = word.strip(",.;:'\"()").partition("::")
        first = path.split("/")[0]
        if first in TOP and (("/" in path) or (PROJECT / first).is_file()) and not set(path) & set("<>…{}"):
            yield path, test


def shell_lines(page: Path) -> Iterator[str]:
    """Lines of the shell examples, with those that end in a backslash joined; documents within (<<) left out."""
    for _, language, body in _FENCE.findall(text_of(page)):
        if language == "sh":
            plain = re.sub(r"<<'(\w+)'\n.*?^ *\1$", "", body, flags=re.MULTILINE | re.DOTALL)
            yield from (line.strip() for line in plain.replace("\\\n", " ").splitlines() if line.strip())


def commands(page: Path) -> Iterator[list[str]]:
    """Every `python -m cts …` of a page: the words after cts, to the end of the command."""
    for text in (*marked(page), *shell_lines(page)):
        for rest in re.findall(r"python -m cts ([^|;&#]*)", text):
            words = shlex.split(rest.replace("…", " "), posix=True)
            if words:
                yield words


def make_targets(page: Path) -> Iterator[str]:
    """Targets of every `make …` in code marks and shell examples."""
    for text in (*marked(page), *shell_lines(page)):
        if text == "make" or text.startswith("make "):
            yield from (word for word in shlex.split(text)[1:] if "=" not in word and not word.startswith("-"))
