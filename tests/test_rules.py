from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ara_inspector import rules
from ara_inspector.findings import Rule, Severity
from ara_inspector.spec import eligible
from header_cases import cases
from rule_examples import RUNNERS

if TYPE_CHECKING:
    from ara_inspector.findings import Finding

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "addon" / "ara_inspector"
FROZEN = ROOT / "fixtures" / "rule_codes.txt"
IN_CASES = {"JSN", "REG", "SRC", "TRG", "OSR", "ELG"}
"""Families whose rules a single header shows: each has a case in fixtures/headers."""
ALL = rules.catalogue()
every_rule = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)


def page(rule: Rule) -> rules.Page:
    return rules.read_page(rules.page_text(rule.code))


def run(block: rules.Block) -> list[Finding]:
    assert block.kind in RUNNERS, f"no runner for `{block.kind}`: add one in tests/rule_examples.py"
    return list(RUNNERS[block.kind](block.body))


@cache
def case_findings() -> tuple[Finding, ...]:
    return tuple(finding for case in cases() for finding in case.read().findings)


@every_rule
def test_rule_is_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", rule.code)
    assert rule.code[:3] in rules.FAMILIES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.template
    assert not rule.template.endswith(".")
    assert "#" not in rule.anchor


@every_rule
def test_page_is_in_the_fixed_form(rule: Rule) -> None:
    found = page(rule)
    assert found.title == f"{rule.code} {rule.name}"
    assert all(len(line) <= 120 for line in found.text.splitlines() if "http" not in line)
    assert "http" in found.sections["Spec"]


@every_rule
def test_example_gives_the_finding_and_use_instead_does_not(rule: Rule) -> None:
    found = page(rule)
    assert found.example.kind == found.instead.kind
    assert rule.code in {finding.rule.code for finding in run(found.example)}
    after = run(found.instead)
    assert rule.code not in {finding.rule.code for finding in after}
    if rule.severity is Severity.ERROR:
        worse = [finding.message for finding in after if finding.severity is Severity.ERROR]
        assert not worse, "what is to be used instead is an error itself"


@every_rule
def test_parameters_are_all_given_and_all_used(rule: Rule) -> None:
    wanted = {name for _, name, _, _ in string.Formatter().parse(rule.template) if name is not None}
    findings = [finding for finding in case_findings() if finding.rule is rule]
    findings += [finding for finding in run(page(rule).example) if finding.rule is rule]
    assert findings
    for finding in findings:
        assert set(finding.params) == wanted
        assert finding.message


@pytest.mark.parametrize(
    "rule", [rule for rule in ALL if rule.code[:3] in IN_CASES], ids=lambda rule: rule.code
)
def test_rule_has_a_case(rule: Rule) -> None:
    assert rule in {finding.rule for finding in case_findings()}, (
        "add a case to fixtures/headers/<kind>/"
    )


def test_codes_and_names_are_frozen() -> None:
    frozen = FROZEN.read_text("utf-8").splitlines()
    now = [f"{rule.code} {rule.name}" for rule in ALL]
    gone = sorted(set(frozen) - set(now))
    assert not gone, f"codes and names are for ever: {gone}"
    assert now == frozen, "new rules: run `scripts/pages`, which adds them"


def test_index_is_up_to_date() -> None:
    assert (PACKAGE / "rules" / "INDEX.md").read_text("utf-8") == rules.index(), "run scripts/pages"


def test_no_page_is_without_a_rule() -> None:
    pages = {path.stem for path in (PACKAGE / "rules").glob("*.md")} - {"README", "INDEX"}
    assert pages <= {rule.code for rule in ALL}


def test_every_module_with_rules_is_listed() -> None:
    defining = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Rule":
                defining.add(".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    assert defining == set(rules.MODULES), "MODULES in rules/__init__.py lists exactly these"


def test_find_takes_code_and_name() -> None:
    for rule in ALL:
        assert rules.find(rule.code) is rule
        assert rules.find(rule.code.lower()) is rule
        assert rules.find(rule.name) is rule
    assert rules.find("no-such-rule") is None


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], set()),
        (["reg010"], {"REG010"}),
        (["Number-For-String"], {"REG010"}),
        (["REG010, rsp029", "JSN001"], {"REG010", "RSP029", "JSN001"}),
        (["elg00"], {"ELG001", "ELG002", "ELG003", "ELG004"}),
    ],
)
def test_words_for_rules(words: list[str], codes: set[str]) -> None:
    assert rules.codes_meant(words) == codes


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        (["NOPE"], "no rule's code begins with 'NOPE'"),
        (["REG010", "REG01O"], "no rule's code begins with 'REG01O', did you mean 'REG"),
        (["REG010,"], "no rule's code begins with ''"),
        (["number-for"], "no rule's code begins with 'number-for'"),
    ],
)
def test_words_for_no_rule(words: list[str], unknown: str) -> None:
    with pytest.raises(rules.UnknownRuleError) as error:
        rules.codes_meant(words)
    assert str(error.value).startswith(unknown)


@pytest.mark.parametrize("key", ["code", "name"])
def test_two_rules_of_one_code_or_name_are_refused(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = eligible.KEY_UNKNOWN
    changed = {"code": "ELG999", "name": "another"} | {key: getattr(first, key)}
    twin = Rule(changed["code"], changed["name"], Severity.NOTE, "twin")
    monkeypatch.setattr(eligible, "VALUE_IGNORED", twin)
    with pytest.raises(ValueError, match=f"two rules have the {key}"):
        rules.catalogue.__wrapped__()


def test_a_rule_without_a_page_is_told() -> None:
    with pytest.raises(rules.PageError, match=r"rules/XYZ001\.md"):
        rules.page_text("XYZ001")


GOOD = """# XYZ001 a-name

## What it says
a

## Why it matters
b

## What the browser does
c

## Example
```info
x
y
```

## Use instead
```info
z
```

## Spec
d
"""


def test_page_is_taken_apart() -> None:
    found = rules.read_page(GOOD)
    assert found.title == "XYZ001 a-name"
    assert found.sections["What the browser does"] == "c"
    assert found.example == rules.Block("info", "x\ny")
    assert found.instead == rules.Block("info", "z")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("# XYZ001", "XYZ001", "begins with"),
        ("## Spec", "## Specification", "sections are"),
        ("## Spec\nd", "", "sections are"),
        ("## Spec", "## Spec\ne\n\n## Spec", "sections are"),
        ("\nb\n", "\n", "nothing under Why it matters"),
        ("```info\nz\n```", "z", "one fenced block"),
    ],
)
def test_pages_in_another_form_are_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(rules.PageError, match=why):
        rules.read_page(GOOD.replace(old, new))
