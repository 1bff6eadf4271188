from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator, validate

from ara_inspector.views.document import document, documents, entry_document, json_line
from ara_inspector.views.expectation import Judged
from ara_inspector.views.schemas import schema
from exchanges import watched
from fake_session import a_session, source


def test_a_document_is_as_the_contract_says() -> None:
    made = document(a_session())
    Draft202012Validator(schema("document")).validate(made)


def test_every_entry_is_as_the_contract_says_and_in_the_document_under_its_number() -> None:
    session = a_session()
    whole = document(session)
    members = {
        "registration": "registrations",
        "silent": "silent",
        "chain": "chains",
        "action": "actions",
        "report": "reports",
        "context": "contexts",
        "note": "notes",
    }
    for entry in session.timeline:
        made = entry_document(entry)
        Draft202012Validator(schema("entry")).validate(made)
        about = made[entry.kind.value]
        assert about["entry"] == entry.number
        if entry.kind.value in members:
            listed: list[dict[str, Any]] = whole[members[entry.kind.value]]
            assert entry.number in {item["entry"] for item in listed}


def test_a_report_says_what_it_goes_back_to() -> None:
    (report,) = document(a_session())["reports"]
    assert report["links"] == [
        {
            "entry": 8,
            "role": "trigger",
            "certainty": "likely",
            "ground": "the trigger data",
            "others": [4],
        }
    ]
    assert report["buckets"][0]["bucket"] == "0x159"
    assert report["buckets"][0]["source_piece"] == "0x100"
    assert report["buckets"][0]["trigger_pieces"] == ["0x59"]
    assert report["proofs"][0]["outcome"] == "contradicted"


def test_a_registration_says_on_which_page_it_was_made() -> None:
    traffic = """
page https://www.news.example/sports/today?user=1

ad https://a.example/imp
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}
"""
    (made,) = document(watched(traffic))["registrations"]
    site = made["context_site"]
    assert (site["value"], site["origin"]) == ("https://news.example", "https://www.news.example")
    assert site["page"] == "https://www.news.example/sports/today"
    nowhere = watched(traffic[traffic.index("ad ") :])
    (made,) = document(nowhere)["registrations"]
    assert made["context_site"]["page"] is None


def test_a_proven_site_names_the_registration() -> None:
    (news,) = document(a_session())["contexts"]
    assert (news["entry"], news["registration"]) == (10, 2)


def test_one_document_stands_alone_several_under_one_roof() -> None:
    made = document(a_session())
    assert documents([made]) == made
    assert len(documents([made, made])["documents"]) == 2


def test_what_was_expected_stands_above_the_captures() -> None:
    judged = [Judged("a", 3, "a is missing"), Judged("b", likely={"why": ("#1",)})]
    told = [
        {"about": "a", "line": 3, "met": False, "text": "a is missing", "likely": {}},
        {"about": "b", "line": None, "met": True, "text": None, "likely": {"why": ["#1"]}},
    ]
    made = document(a_session())
    assert made["expectations"] is None
    one, two = documents([made], judged), documents([made, made], judged)
    assert one == made | {"expectations": told}
    assert two == documents([made, made]) | {"expectations": told}
    validate(one, schema("document"))
    validate(two, schema("documents"))


@pytest.mark.parametrize("text", ["\udcff", "\u202e", "ü"])
def test_a_json_line_is_ascii(text: str) -> None:
    assert json_line({"text": source(text).raw}).isascii()
