"""The house rules of the source. A rule that must change is changed here, in one place, with its reason."""

import ast
import re
import sys
from pathlib import PurePosixPath

import pytest

from tests.house_rules.source import (
    PRODUCT,
    PROJECT,
    SourceFile,
    code_lines,
    kept_texts,
    python_files,
    undocumented,
)

FILE_LINES, FUNCTION_LINES, PAGE_LINES = 300, 40, 60

# Who may import what, by the first folder that fits. "Ours" lists what of this project a layer may know; "outside"
# lists packages that this layer must not know. Imports point inward: pages -> services -> domain.
LAYERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cts/domain": (("cts.domain",), ("streamlit", "sqlalchemy")),
    "cts/forms": (("cts.forms", "cts.domain"), ("streamlit", "sqlalchemy")),
    "cts/outside": (
        ("cts.outside", "cts.domain", "cts.forms", "cts.settings"),
        ("streamlit", "sqlalchemy", "alembic"),
    ),
    "cts/services": (
        ("cts.services", "cts.domain", "cts.forms", "cts.outside", "cts.settings", "db"),
        ("streamlit", "starlette"),
    ),
    "cts/jobs": (
        ("cts.jobs", "cts.services", "cts.domain", "cts.outside", "cts.settings"),
        ("streamlit", "sqlalchemy", "starlette"),
    ),
    "cts/web": (
        ("cts.web", "cts.services", "cts.jobs", "cts.domain", "cts.forms", "cts.outside", "cts.settings"),
        ("streamlit", "sqlalchemy"),
    ),
    "cts/commands": (("cts", "db"), ("streamlit", "sqlalchemy", "starlette")),
    "cts": (("cts", "db"), ("streamlit", "sqlalchemy", "starlette")),
    # Of what is outside, the database layer knows the sealing of its most private columns (decision 0035) and PostgreSQL's programs.
    "db": (
        (
            "db",
            "cts.domain",
            "cts.forms",
            "cts.services",
            "cts.settings",
            "cts.outside.sealing",
            "cts.outside.postgres_programs",
        ),
        ("streamlit", "starlette"),
    ),
    "pages": (("pages", "cts.services", "cts.domain", "cts.forms", "cts.settings"), ("sqlalchemy", "starlette")),
    "app.py": (("cts", "db", "pages"), ("sqlalchemy",)),
    # The measurements start servers and databases as the tests do. Nothing imports them.
    "bench": (
        ("bench", "cts", "db", "pages.parts", "tests.parts", "tests.web.site"),
        (),
    ),
}

# What a layer may import although the table forbids it, and why.
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    # The gate reads the frames of Streamlit's WebSocket and the page it serves; both are formats, not the screen.
    "cts/web": ("streamlit.proto", "streamlit.file_util"),
}

BANNED_MODULES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "base"}
BANNED_WORDS = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|\btime\.sleep\(|unsafe_allow_html|__import__\(")
# Streamlit's own media route and caches know nothing of who may see what.
BANNED_CALLS = {"download_button", "cache_data", "html", "pdf", "eval", "exec"}

REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("anaconda", "org"),
    ("conda", "io"),
    ("crates", "io"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("docker", "io"),
)


def within(name: str, allowed: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these, or inside one of them."""
    return any(name == item or name.startswith(item + ".") for item in allowed)


def layer_of(path: str) -> str:
    """The longest entry of LAYERS that holds this file."""
    return max((layer for layer in LAYERS if path == layer or path.startswith(layer + "/")), key=len)


def breaches(file: SourceFile) -> list[str]:
    """Imports of a file that its layer must not have."""
    layer = layer_of(file.path)
    ours, outside = LAYERS[layer]
    excepted = EXCEPTIONS.get(layer, ())
    found = []
    for name in sorted(file.imports()):
        if within(name, excepted):
            continue
        of_this_project = within(name, ("bench", "cts", "db", "pages", "app", "tests"))
        if (of_this_project and not within(name, ours)) or within(name, outside):
            found.append(f"{file.path} imports {name}")
        elif layer == "cts/domain" and not of_this_project and name.split(".")[0] not in sys.stdlib_module_names:
            found.append(f"{file.path} imports {name}: the domain knows only the standard library")
    return found


def forbidden_uses(node: ast.AST) -> list[str]:
    """What a page does here that would publish case data, share it between people, or fetch from outside."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
        return [f"{node.lineno} st.{node.attr}"] if node.attr in BANNED_CALLS else []
    if isinstance(node, ast.keyword) and node.arg == "page_icon" and isinstance(node.value, ast.Constant):
        return [f"{node.value.lineno} page_icon from outside"] if str(node.value.value).startswith(":") else []
    return []


def test_imports_point_inward() -> None:
    found = [breach for file in python_files(*PRODUCT) for breach in breaches(file)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("cts/domain/x.py", "import sqlalchemy"),
        ("cts/domain/x.py", "import pandas"),
        ("cts/domain/x.py", "from cts.services import documents"),
        ("cts/forms/x.py", "def f():\n    from db import session"),
        ("cts/services/x.py", "import streamlit as st"),
        ("cts/outside/x.py", "from sqlalchemy import select"),
        ("cts/web/x.py", "from streamlit.runtime import get_instance"),
        ("pages/home/x.py", "from db.models import Row"),
        ("pages/home/x.py", "import cts.outside.pdf"),
    ],
)
def test_a_forbidden_import_is_found(path: str, code: str) -> None:
    assert breaches(SourceFile(path, code, ast.parse(code))) != []


def test_the_domain_has_no_clock() -> None:
    clock = re.compile(r"\.(now|today|utcnow)\(|\btime\.time\(|\bperf_counter\(")
    assert [f.path for f in python_files("cts/domain", "cts/forms") if clock.search(f.text)] == []


def test_files_functions_and_pages_are_short() -> None:
    # A migration lists the tables as they were, and is never edited again.
    product = [file for file in python_files(*PRODUCT) if not file.path.startswith("db/migrations/versions/")]
    files = [*product, *python_files("tests")]
    long = [f"{file.path}: {file.lines} lines" for file in files if file.lines > FILE_LINES]
    for file in product:
        long += [
            f"{file.path}:{function.lineno} {function.name}: {code_lines(function)} lines"
            for function in file.functions()
            if code_lines(function) > FUNCTION_LINES
        ]
    for file in python_files("pages"):
        if not file.path.startswith(("pages/parts/", "pages/shell/")) and file.lines > PAGE_LINES:
            long.append(f"{file.path}: {file.lines} lines for one page")
    assert not long, "\n".join(long)


def test_modules_are_named_after_what_they_hold() -> None:
    paths = [PurePosixPath(file.path) for file in python_files(*PRODUCT, "tests")]
    assert [str(p) for p in paths if BANNED_MODULES & {part.removesuffix(".py") for part in p.parts}] == []


def test_no_page_lies_directly_in_pages() -> None:
    """Until the first run has reached st.navigation, Streamlit serves pages/<x>.py to anybody, past sign-in."""
    assert [path.name for path in (PROJECT / "pages").glob("*.py")] == []


def test_no_unfinished_or_unsafe_words_in_the_product() -> None:
    found = [
        f"{file.path}:{number}: {line.strip()}"
        for file in python_files(*PRODUCT)
        for number, line in enumerate(file.text.splitlines(), 1)
        if BANNED_WORDS.search(line)
    ]
    assert not found, "\n".join(found)


def test_pages_use_nothing_that_publishes_or_shares_case_data() -> None:
    found = [
        f"{file.path}: {use}"
        for file in python_files("pages", "app.py")
        for node in ast.walk(file.tree)
        for use in forbidden_uses(node)
    ]
    assert not found, "\n".join(found)


def test_a_date_is_asked_for_in_one_place() -> None:
    """Anywhere else the browser would keep a date beyond Streamlit's own limits to itself (pages/parts/date_field.py)."""
    asking = {f.path for f in python_files("pages") for n in ast.walk(f.tree) if getattr(n, "attr", "") == "date_input"}
    assert asking == {"pages/parts/date_field.py"}


@pytest.mark.parametrize(
    "code",
    ["st.download_button('x')", "@st.cache_data\ndef f(): ...", "st.set_page_config(page_icon=':material/home:')"],
)
def test_a_forbidden_use_is_found(code: str) -> None:
    assert [use for node in ast.walk(ast.parse(code)) for use in forbidden_uses(node)] != []


def test_public_functions_say_what_they_are_for() -> None:
    found = [f"{f.path}: {name}" for f in python_files("cts") for name in undocumented(f.tree)]
    assert not found, "\n".join(found)


def test_no_package_registry_and_no_machine_is_named_anywhere() -> None:
    hosts = "|".join(re.escape(".".join(parts)) for parts in REGISTRIES)
    machine = "|".join(re.escape("/".join(parts)) for parts in (("", "opt", ""), ("", "work", ""), ("..", "shared")))
    pattern = re.compile(rf"\b({hosts})\b|(?<![\w.])({machine})")
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in kept_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)
