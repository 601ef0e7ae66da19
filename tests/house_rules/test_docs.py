"""The documents are true: what is made from the code is what the code says now, and what they name exists."""

import argparse
import ast
import importlib
import re
from pathlib import Path

import pytest

from cts.__main__ import COMMANDS
from cts.commands import docs_emails, docs_settings, docs_sign_ins, docs_words, docs_workflow
from cts.commands.docs import documents
from cts.domain.vocabulary import Action, Document, Need, Party, Status
from cts.domain.workflow import STEPS
from cts.outside.mail import template_names
from cts.services import demonstration
from cts.services.email_kinds import EXTRACT_EMAILS
from cts.settings import Settings, UnsafeSettings, read_settings
from tests.house_rules.documents import (
    anchors,
    commands,
    links,
    make_targets,
    marked,
    name_of,
    pages,
    paths_named,
    shell_lines,
    text_of,
)
from tests.house_rules.source import PROJECT, python_files
from tests.parts.production import SAFE

PICTURE_BYTES = 200_000
# Standing promises age badly. The texts of e-mails tell people what comes next, and are left out.
PROMISES = re.compile(
    r"\b(will be|will have|coming soon|planned|roadmap|later version|in the future|not yet|TODO)\b", re.IGNORECASE
)

every_page = pytest.mark.parametrize("page", pages(), ids=name_of)


@pytest.mark.parametrize("name", sorted(documents()))
def test_what_is_made_from_the_code_is_up_to_date(name: str) -> None:
    assert text_of(PROJECT / name) == documents()[name], f"{name} is out of step with the code: run make docs"


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


@every_page
def test_every_path_that_is_named_exists(page: Path) -> None:
    missing = []
    for path, test in paths_named(page):
        found = list(PROJECT.glob(path)) if "*" in path else [PROJECT / path]
        if not found or not all(file.exists() for file in found):
            missing.append(path)
        elif test and f"def {test}(" not in found[0].read_text(encoding="utf-8"):
            missing.append(f"{path}::{test}")
    assert missing == []


@every_page
def test_every_name_said_to_be_in_a_file_is_there(page: Path) -> None:
    """`name` in `path`, `path` (`name`), and `path`: the names in ... -- each must stand in that file."""
    text = text_of(page)
    pairs = [(n, p) for n, p in re.findall(r"`(\w+)` (?:in|of) `((?:cts|db|pages|tests)/[\w/.]+\.py)`", text)]
    pairs += [(n, p) for p, n in re.findall(r"`((?:cts|db|pages|tests)/[\w/.]+\.py)` \(`(\w+)`", text)]
    assert [(name, path) for name, path in pairs if not re.search(rf"\b{name}\b", text_of(PROJECT / path))] == []


@every_page
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(PROJECT / "Makefile"), re.MULTILINE))
    assert set(make_targets(page)) - targets == set()


@every_page
def test_every_command_can_be_given(page: Path) -> None:
    for words in commands(page):
        assert words[0] in COMMANDS, words
        parser = argparse.ArgumentParser(exit_on_error=False)
        importlib.import_module(COMMANDS[words[0]][0]).add_arguments(parser)
        if len(words) > 1:
            parser.parse_args(words[1:])


@every_page
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"\bCTS_[A-Z_]+\b", text_of(page)))
    known = {f"CTS_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert {name for name in named if not name.startswith("CTS_TEST_")} - known == set()


@every_page
def test_nothing_is_promised(page: Path) -> None:
    if name_of(page) != "docs/emails.md":
        assert PROMISES.findall(text_of(page)) == []


def test_the_sign_ins_are_those_of_the_demonstration() -> None:
    readme = text_of(PROJECT / "README.md")
    table = readme.partition(docs_sign_ins.BEGIN)[2].partition(docs_sign_ins.END)[0]
    listed = re.findall(r"^\| `([a-z.]+)` \|", table, re.MULTILINE)
    assert tuple(listed) == demonstration.user_names()
    assert f"`{demonstration.PASSPHRASE}`" in readme
    assert docs_sign_ins.sign_in_table().count("\n| `") == len(listed)


def test_the_map_of_the_code_names_every_package() -> None:
    section = text_of(PROJECT / "README.md").partition("## Map of the code")[2].partition("\n## ")[0]
    packages = {
        Path(file.path).parent for file in python_files("cts", "db", "pages") if Path(file.path).name != "env.py"
    }
    wanted = {p.as_posix() for p in packages if p.as_posix() not in {"cts", "db/migrations/versions"}}
    areas = {p for p in wanted if p.startswith("pages/") and p not in {"pages/shell", "pages/parts"}}
    assert {p for p in wanted - areas if f"`{p}`" not in section} == set()
    assert areas == set() or "one folder for each area" in section


def test_every_picture_is_shown_somewhere_and_is_small() -> None:
    shown = {(page.parent / link).resolve() for page in pages() for link in links(page)}
    pictures = [*(PROJECT / "docs").rglob("*.png"), *(PROJECT / "docs").rglob("*.svg")]
    assert pictures != []
    assert [name_of(p) for p in pictures if p.resolve() not in shown] == []
    assert [name_of(p) for p in pictures if p.stat().st_size > PICTURE_BYTES] == []


def test_every_decision_stands_in_the_list() -> None:
    listed = text_of(PROJECT / "docs/decisions/README.md")
    files = sorted(p.name for p in (PROJECT / "docs/decisions").glob("[0-9]*.md"))
    assert [name for name in files if f"]({name})" not in listed] == []
    titles = [text_of(PROJECT / "docs/decisions" / name).splitlines()[0] for name in files]
    assert [t for name, t in zip(files, titles, strict=True) if not t.startswith(f"# {name[:4]} ")] == []


def test_every_word_of_the_workflow_can_be_read_aloud() -> None:
    assert set(docs_words.DONE) == set(Action)
    assert set(docs_words.NEEDED) == set(Need)
    assert set(docs_words.WHO) == set(Party)


def test_a_step_reads_as_a_sentence() -> None:
    step = next(s for s in STEPS if s.status is Status.PENDING_SUPERVISOR and s.action is Action.REJECT)
    assert docs_words.read_aloud(step) == (
        "A Referral that is *Pending Supervisor Approval* may be **rejected** by a supervisor of the office, if this person has "
        "signed exactly this content and a coded reason and a text are given; it becomes *Rejected*; the case worker is told."
    )


def test_every_status_and_move_is_in_both_pictures() -> None:
    for document in Document:
        moves = [step for step in STEPS if step.document is document and step.moves]
        drawn = text_of(PROJECT / "docs" / docs_workflow.picture_name(document))
        mermaid = docs_workflow.mermaid(document)
        for step in moves:
            assert (f"becomes {step.becomes}." if step.party is Party.EXTRACT else f">{step.becomes}</text>") in drawn
            assert f"{step.status.name} --> {step.becomes.name}: {step.party} – {step.action}" in mermaid
        assert drawn.count("<polygon") == sum(step.party is not Party.EXTRACT for step in moves)


def test_every_email_has_an_occasion() -> None:
    assert [name for name in template_names() if not docs_emails.occasions(name)] == []
    assert set(docs_emails.BY_EXTRACT) == set(EXTRACT_EMAILS)
    assert {tell.email for step in STEPS for tell in step.tells} & set(EXTRACT_EMAILS) == set()


def test_every_setting_has_a_meaning() -> None:
    assert set(docs_settings.MEANINGS) == set(Settings.__dataclass_fields__)


def test_production_refuses_what_the_table_says() -> None:
    assert read_settings(SAFE).mode == "production"
    for name, meaning in docs_settings.MEANINGS.items():
        if meaning.unsafe is not None:
            with pytest.raises(UnsafeSettings, match=f"CTS_{name.upper()}"):
                read_settings(SAFE | {f"CTS_{name.upper()}": meaning.unsafe})


def test_the_table_of_settings_leaves_out_no_rule_of_production() -> None:
    code = next(f for f in python_files("cts") if f.path == "cts/settings.py")
    refuse = next(f for f in code.functions() if f.name == "_refuse_in_production")
    demanded = {name.lower() for name in re.findall(r"CTS_([A-Z_]+)", ast.unparse(refuse))}
    assert demanded == {name for name, meaning in docs_settings.MEANINGS.items() if meaning.unsafe is not None}


@pytest.mark.parametrize("text", ["It will be added.", "Not yet.", "This is planned."])
def test_a_promise_is_found(text: str) -> None:
    assert PROMISES.search(text)


def test_the_reader_of_documents_finds_things(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A Title\n[x](gone.md#y) `cts/domain/gone.py` `make nothing X=1` `python -m cts gone --x`\n"
        "```sh\nmake run \\\n  gone\ncd docs/gone.md && python -m cts send --forever\n```\n",
        encoding="utf-8",
    )
    assert list(links(page)) == ["gone.md#y"]
    assert anchors(page) == {"a-title"}
    assert [path for path, _ in paths_named(page)] == ["cts/domain/gone.py", "docs/gone.md"]
    assert list(make_targets(page)) == ["nothing", "run", "gone"]
    assert list(commands(page)) == [["gone", "--x"], ["send", "--forever"]]
    assert "cts/domain/gone.py" in list(marked(page))
    assert len(list(shell_lines(page))) == 2


@every_page
def test_no_semicolon_ends_a_line_of_a_diagram_early(page: Path) -> None:
    diagrams = re.findall(r"```mermaid\n(.*?)```", text_of(page), re.DOTALL)
    assert [line for diagram in diagrams for line in diagram.splitlines() if ";" in line] == []
