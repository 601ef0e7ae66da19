"""Reading the project's own source: files, imports, functions."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PRODUCT = ("app.py", "bench", "cts", "db", "pages")


@dataclass(frozen=True)
class SourceFile:
    """A Python file: its path from the project folder, its text and its parsed tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    def imports(self) -> set[str]:
        """Full dotted names of everything imported, wherever in the file (also `from a import b` as a.b)."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno}: write imports in full, not relative"
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return names

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def strings(self) -> Iterator[str]:
        """Every string in the code."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@cache
def python_files(*folders: str) -> tuple[SourceFile, ...]:
    """The Python files under these folders (or files) of the project."""
    found: list[SourceFile] = []
    for folder in folders:
        root = PROJECT / folder
        found += map(_read, sorted(root.rglob("*.py")) if root.is_dir() else [root] if root.exists() else [])
    return tuple(found)


@cache
def _read(path: Path) -> SourceFile:
    text = path.read_text(encoding="utf-8")
    return SourceFile(path.relative_to(PROJECT).as_posix(), text, ast.parse(text, str(path)))


@cache
def kept_texts() -> tuple[tuple[str, str], ...]:
    """(path, text) of every text file that is, or is about to be, part of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    texts = []
    for name in sorted(filter(None, listed)):
        path = PROJECT / name.decode()
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts.append((name.decode(), content.decode("utf-8", errors="replace")))
    return tuple(texts)


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from `def` to its end, its docstring and the functions inside it not counted."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        assert docstring.end_lineno is not None
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def is_public(name: str) -> bool:
    return not name.startswith("_")


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Public functions, classes and methods of a module that have no docstring."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in tree.body:
        if isinstance(node, kinds) and is_public(node.name):
            inner = node.body if isinstance(node, ast.ClassDef) else []
            methods = [m for m in inner if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef) and is_public(m.name)]
            yield from (item.name for item in (node, *methods) if ast.get_docstring(item) is None)
