"""Printed forms, JSON, CSV and HTML of results; the goldens of the reference data where at hand."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from html.parser import HTMLParser

import pytest
from conftest import grown
from hypothesis import given, settings
from hypothesis import strategies as st

import trialink
from trialink import (
    FORMATS,
    REGISTRIES,
    Agreement,
    Aspect,
    Link,
    LinkedText,
    Linker,
    Mention,
    NameMention,
    Problem,
    Related,
    Resolution,
    Resolutions,
    Span,
    Trial,
    TrialId,
    annotate,
    check,
    find,
    render,
    write,
)
from trialink.sources.record import Record

TEXT = "FUCASO rests on FUMANBA-1 (CTR20192510, NCT05066646), a trial run in China."
NCT = TrialId("nct", "NCT05066646")
CTR = TrialId("cde_china", "CTR20192510")
RECORD = Record(
    id="NCT05066646",
    brief_title="A Phase 1/2 Study of a Fully Human BCMA-targeting CAR (CT103A) in Patients With "
    "Relapsed/Refractory Multiple Myeloma (FUMANBA-1)",
    study_type="INTERVENTIONAL",
    phases=("PHASE1", "PHASE2"),
    overall_status="UNKNOWN",
    last_known_status="RECRUITING",
    last_update_posted_date="2021-11-23",
    enrollment_count=132,
    enrollment_type="ESTIMATED",
    lead_sponsor="Nanjing IASO Biotechnology Co., Ltd.",
    lead_sponsor_class="INDUSTRY",
    countries=("China",),
    data_date="2026-08-22",
)
FOUND = Resolution(NCT, "found", "clinicaltrials_gov", (RECORD,), "assembled")
OFFLINE = Resolution(NCT, "failed", "clinicaltrials_gov", reason="offline")
(STATED,) = trialink.statements(TEXT)
NAME = NameMention(16, 25, "FUMANBA-1", (CTR, NCT))
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; &#60; &#x3c; &amp;amp;",
    "</span></a></pre></article></style></script>",
    "<!-- --><![CDATA[ ]]><?php ?>",
    '<a class="trialink" href="https://example.org">NCT05066646</a>',
    "\x1b[31mred\x1b[0m \x07\x00\x7f\x9b",
    "\u202egpj.exe\u202c \u2066x\u2069 \u200f",
    "=HYPERLINK(1)",
    "\n@SUM(A1)",
    "\t+1",
    "\r-1",
    "a\u2028b\u2029c\x85d",
    "\ud800 \udfff",
    "\ufeff\ufffe\U0010ffff",
    "NCT05066646",
    "(CTR20192510, NCT05066646)",
    "EudraCT 2010-024264-18",
    "NCT0506664",
    "NCT05066647",
)
HOSTILE = st.lists(
    st.sampled_from(PAYLOADS) | st.text(st.characters(exclude_categories=()), max_size=12),
    max_size=12,
).map("".join)
MANY = settings(max_examples=100, deadline=None)


def alone(**changes) -> Trial:
    return Trial("NCT05066646", NCT, (NCT,), **changes)


def test_a_table_of_mentions_is_aligned_and_has_no_trailing_spaces():
    assert render(find(TEXT), "table", source="a.txt") == (
        "START  END  TEXT         REGISTRY            TRN          CHECK  CUE\n"
        "   27   38  CTR20192510  ChinaDrugTrials     CTR20192510  -      China\n"
        "   40   51  NCT05066646  ClinicalTrials.gov  NCT05066646  ok     -\n"
    )


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param("NCT  \n 05066646", "NCT 05066646", id="white space runs together"),
        pytest.param("NCT\x1b[1m05066646", "NCT[1m05066646", id="control characters are dropped"),
        pytest.param("NCT\u202e05066646\u200f", "NCT05066646", id="bidi characters are dropped"),
        pytest.param("NCT\xa005066646", "NCT 05066646", id="a no-break space is a space"),
        pytest.param("\u200e\x07", "-", id="what is empty then is a dash"),
        pytest.param("NCT\ud80005066646", "NCT\\ud80005066646", id="a lone surrogate is escaped"),
    ],
)
def test_cells_are_fit_for_a_terminal(text, cell):
    mention = Mention(0, len(text), text, NCT)
    row = render(mention, "table").splitlines()[1]
    assert row == f"    0{len(text):5}  {cell:4}  ClinicalTrials.gov  NCT05066646  ok     -"


def test_widths_count_code_points():
    wide = Mention(0, 11, "ＮＣＴ０５０６６６４６", NCT, ("full-width-digits",))
    head, row = render(wide, "table").splitlines()
    assert head.index("REGISTRY") == row.index("ClinicalTrials.gov")


@pytest.mark.parametrize(
    ("item", "line"),
    [
        pytest.param(
            STATED,
            "CTR20192510 = NCT05066646: the text gives both in one bracket (characters 26 to 52) "
            "beside the trial name FUMANBA-1.",
            id="a link",
        ),
        pytest.param(
            STATED.replace(explanation="NCT05066646 declares CTR20192510.", asserted_by=str(NCT)),
            "CTR20192510 = NCT05066646: NCT05066646 declares CTR20192510.",
            id="a link whose explanation begins with a number",
        ),
        pytest.param(NAME, "FUMANBA-1 [16:25] CTR20192510, NCT05066646", id="a name"),
        pytest.param(NAME.replace(ids=()), "FUMANBA-1 [16:25]", id="a name alone"),
        pytest.param(
            FOUND,
            "NCT05066646: found at ClinicalTrials.gov, UNKNOWN (last known RECRUITING), "
            "data of 2026-08-22, assembled recording",
            id="found",
        ),
        pytest.param(
            FOUND.replace(origin="cache", stale=True, records=(Record(id="NCT05066646"),)),
            "NCT05066646: found at ClinicalTrials.gov, stale",
            id="found, stale, with a bare record",
        ),
        pytest.param(
            FOUND.replace(id=TrialId("nct", "NCT00000102"), outcome="moved", origin="recorded"),
            "NCT00000102: obsolete number, now NCT05066646 at ClinicalTrials.gov, UNKNOWN "
            "(last known RECRUITING), data of 2026-08-22, recording",
            id="moved",
        ),
        pytest.param(
            FOUND.replace(id=CTR, outcome="cited", origin="live"),
            "CTR20192510: this registry cannot be asked; named by NCT05066646",
            id="cited",
        ),
        pytest.param(
            FOUND.replace(outcome="absent", records=()),
            "NCT05066646: no such record at ClinicalTrials.gov, assembled recording",
            id="absent",
        ),
        pytest.param(
            FOUND.replace(id=CTR, outcome="unsupported", records=()),
            "CTR20192510: this registry cannot be asked; no ClinicalTrials.gov record names it",
            id="unsupported",
        ),
        pytest.param(
            FOUND.replace(id=CTR, outcome="unsupported", records=(), origin="snapshot"),
            "CTR20192510: this registry cannot be asked; no ClinicalTrials.gov record names it, "
            "snapshot",
            id="unsupported by a snapshot",
        ),
        pytest.param(OFFLINE, "NCT05066646: not asked (offline)", id="failed"),
        pytest.param(OFFLINE.replace(reason=None), "NCT05066646: not asked", id="failed somehow"),
    ],
)
def test_items_print_as_a_line(item, line):
    assert str(item) == line or isinstance(item, NameMention)
    assert render(item, "table") == f"{line}\n"


def test_problems_print_with_their_source_before_them():
    problem = Problem(
        *(0, 10, "NCT\n0506664", "digits-missing"),
        line=9,
        column=106,
        severity="error",
        id=None,
        registry="nct",
        message="a ClinicalTrials.gov number has 8 digits, this has 7.",
        candidates=(NCT,),
    )
    line = (
        "9:106 digits-missing NCT 0506664: a ClinicalTrials.gov number has 8 digits, this has 7. "
        "Completions that pass: NCT05066646.\n"
    )
    assert render([problem], "table", source="paper.txt") == f"paper.txt:{line}"
    assert render([problem], "table") == line
    bare = problem.replace(candidates=())
    assert render([bare, bare], "table").count("\n") == 2
    assert "pass" not in render(bare, "table")


def test_a_trial_prints_all_that_is_known_of_it():
    agreement = Agreement(
        *(NCT, 1, "fits"),
        (
            Aspect("trial_name", "fits", "BriefTitle", "FUMANBA-1"),
            Aspect("year", "silent", "StartDate", "2020-04-01"),
            Aspect("title_terms", "fits", "BriefTitle", "x"),
            Aspect("phase", "conflicts", "Phase", "PHASE3"),
        ),
    )
    link = STATED.replace(explanation=f"{STATED.explanation} No registry record was read.")
    trial = Trial(
        *("NCT05066646", NCT, (NCT, CTR), ("FUMANBA-1",), (RECORD,), (link,)),
        related=(Related(TrialId("nct", "NCT05066647"), "same-bracket", "suspect-number"),),
        weakest_link="same-bracket",
        resolutions=(
            FOUND,
            Resolution(CTR, "unsupported", "clinicaltrials_gov", origin="assembled"),
        ),
        agreement=(agreement, agreement.replace(mention=2)),
    )
    block = """\
TRIAL NCT05066646 = CTR20192510 (FUMANBA-1)
  title      A Phase 1/2 Study of a Fully Human BCMA-targeting CAR (CT103A) in Patients
             With Relapsed/Refractory Multiple Myeloma (FUMANBA-1)
  status     UNKNOWN (last known RECRUITING), record last updated 2021-11-23
  design     INTERVENTIONAL, PHASE1|PHASE2, 132 participants (estimated), China
  sponsor    Nanjing IASO Biotechnology Co., Ltd. (INDUSTRY)
  numbers    NCT05066646  ClinicalTrials.gov  found (assembled)  https://clinicaltrials.gov/study/NCT05066646
             CTR20192510  ChinaDrugTrials     cannot be asked; no ClinicalTrials.gov record names it
  link       CTR20192510 = NCT05066646  same-bracket (stated): the text gives both in
             one bracket (characters 26 to 52) beside the trial name FUMANBA-1. No
             registry record was read.
  agreement  fits: trial name, title terms
             conflicts: phase
             silent: year
  related    NCT05066647  same-bracket: suspect-number
"""
    assert f"{trial}\n" == block
    assert render(trial, "table") == block
    assert render([trial, trial], "table") == f"{block}\n{block}"
    heading, row = render(trial, "csv").splitlines()
    assert heading == "source,trial_key,ids,names,records,weakest_link,related"
    assert row.endswith(",same-bracket,NCT05066647 suspect-number")


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        pytest.param({"origin": "live"}, "found  https://…", id="found live"),
        pytest.param({"origin": "cache"}, "found  https://…", id="found in the cache"),
        pytest.param({"origin": "recorded"}, "found (recorded)  https://…", id="found recorded"),
        pytest.param(
            {"outcome": "moved", "records": (Record(id="NCT00000102"),)},
            "obsolete number, now NCT00000102  https://clinicaltrials.gov/study/NCT00000102",
            id="moved",
        ),
        pytest.param({"outcome": "cited"}, "named by NCT05066646", id="cited"),
        pytest.param({"outcome": "absent", "records": ()}, "no such record", id="absent"),
        pytest.param(
            {"outcome": "unsupported", "records": ()},
            "cannot be asked; no ClinicalTrials.gov record names it",
            id="unsupported",
        ),
        pytest.param({"outcome": "failed", "reason": "offline"}, "not asked", id="offline"),
        pytest.param(
            {"outcome": "failed", "reason": "blocked:\n403"}, "not asked: blocked: 403", id="failed"
        ),
    ],
)
def test_numbers_say_how_they_were_answered(changes, cell):
    trial = alone(resolutions=(FOUND.replace(**changes),))
    row = f"  numbers    NCT05066646  ClinicalTrials.gov  {cell}"
    assert str(trial).splitlines()[1] == row.replace("…", "clinicaltrials.gov/study/NCT05066646")


@pytest.mark.parametrize(
    ("record", "rows"),
    [
        pytest.param(Record(id="NCT05066646"), [], id="nothing"),
        pytest.param(
            Record(id="NCT05066646", overall_status="RECRUITING"),
            ["  status     RECRUITING"],
            id="a status without a date",
        ),
        pytest.param(
            Record(id="NCT05066646", last_update_posted_date="2021-11"),
            ["  status     record last updated 2021-11"],
            id="a date without a status",
        ),
        pytest.param(
            Record(id="NCT05066646", enrollment_count=1, enrollment_type="ACTUAL"),
            ["  design     1 participant (actual)"],
            id="one participant",
        ),
        pytest.param(
            Record(id="NCT05066646", enrollment_count=0, countries=("China", "Japan")),
            ["  design     0 participants, China, Japan"],
            id="no participants, two countries",
        ),
        pytest.param(
            Record(id="NCT05066646", lead_sponsor="A  \x1b[1mB\n", brief_title="\x07 "),
            ["  sponsor    A [1mB"],
            id="a sponsor of no class with control characters, a title of nothing else",
        ),
    ],
)
def test_rows_without_content_are_left_out(record, rows):
    block = str(alone(records=(record,))).splitlines()
    assert block == [
        "TRIAL NCT05066646",
        *rows,
        "  numbers    NCT05066646  ClinicalTrials.gov  record read  "
        "https://clinicaltrials.gov/study/NCT05066646",
    ]


def test_many_numbers_are_three_and_a_count_in_the_heading():
    ids = (NCT, *(TrialId("isrctn", f"ISRCTN{number}") for number in range(10_000_000, 10_000_012)))
    head, *rows = str(Trial("NCT05066646", NCT, ids)).splitlines()
    assert head == "TRIAL NCT05066646 = ISRCTN10000000 = ISRCTN10000001, +10 more"
    assert len(rows) == 13
    assert rows[0] == "  numbers    NCT05066646     ClinicalTrials.gov"
    assert rows[12] == "             ISRCTN10000011  ISRCTN"


@MANY
@given(HOSTILE, st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=20))
def test_filled_rows_fit_and_lose_no_word(name, words):
    title = " ".join(words)
    record = Record.model_construct(**vars(RECORD) | {"brief_title": title, "acronym": name})
    block = str(alone(records=(record,), names=(name,)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", block)
    rows = block.split("  status", 1)[0].splitlines()[1:]
    assert all(len(row) <= 88 or " " not in row[13:] for row in rows)
    shown = re.sub("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", title)
    joined = " ".join(row[13:] for row in rows)
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", shown)


def test_a_document_prints_its_trials_its_problems_and_its_closing_line():
    document = Linker(None).read("NCT05066647, and NCT05066646.")
    blocks = "\n\n".join(map(str, document.trials))
    assert str(document) == (
        f"{blocks}\n\n{document.problems[0]}\n"
        "2 mentions, 2 trials, 1 problem. No registry was asked. "
        f"trialink {trialink.__version__}, rules {trialink.RULES_VERSION}."
    )
    assert str(Linker(None).read("")) == (
        "0 mentions, 0 trials, 0 problems. No registry was asked. "
        f"trialink {trialink.__version__}, rules {trialink.RULES_VERSION}."
    )


@pytest.mark.parametrize(
    ("dates", "origins", "says"),
    [
        pytest.param((), (), "No registry was asked", id="nobody asked"),
        pytest.param((), ("live",), "ClinicalTrials.gov was asked", id="asked in vain"),
        pytest.param(
            (),
            ("snapshot",),
            "A snapshot of ClinicalTrials.gov was searched",
            id="searched in vain",
        ),
        pytest.param(
            (), ("live", "snapshot"), "ClinicalTrials.gov was asked", id="searched, then asked"
        ),
        pytest.param(
            ("2026-08-22",), ("cache",), "ClinicalTrials.gov data of 2026-08-22", id="one date"
        ),
        pytest.param(
            ("2026-08-22", "2026-01-02", "2026-03"),
            ("assembled", "live"),
            "ClinicalTrials.gov data of 2026-01-02 to 2026-08-22 "
            "(ASSEMBLED recording, not an answer of the registry)",
            id="several dates, some of them assembled",
        ),
    ],
)
def test_the_closing_line_says_whose_data(dates, origins, says):
    document = Linker(None).read("")
    provenance = document.provenance.replace(data_dates=dates, origins=origins)
    assert f". {says}. trialink " in str(document.replace(provenance=provenance))


def test_json_lines_hold_the_documented_fields_in_their_order():
    first, second = render(find(TEXT), source="a.txt").splitlines()
    assert first == (
        '{"schema_version": 1, "type": "mention", "source": "a.txt", "start": 27, "end": 38, '
        '"text": "CTR20192510", "id": "CTR20192510", "registry": "cde_china", '
        '"check_digit": null, "repairs": [], "cue": {"start": 69, "end": 74, "text": "China"}}'
    )
    assert second == (
        '{"schema_version": 1, "type": "mention", "source": "a.txt", "start": 40, "end": 51, '
        '"text": "NCT05066646", "id": "NCT05066646", "registry": "nct", '
        '"check_digit": "ok", "repairs": [], "cue": null}'
    )


HEADS = (
    (find(TEXT)[0], "mention", "a.txt"),
    (NAME, "name", "a.txt"),
    (check("NCT05066647")[0], "problem", "a.txt"),
    (FOUND, "resolution", "clinicaltrials_gov"),
    (STATED, "link", "a.txt"),
    (alone(records=(RECORD,)), "trial", "a.txt"),
    (Linker(None).read(TEXT, source="b.txt"), "linked_text", "b.txt"),
)


@pytest.mark.parametrize(("item", "kind", "source"), HEADS, ids=[head[1] for head in HEADS])
def test_every_kind_is_its_own_object_with_a_head(item, kind, source):
    form = json.loads(render(item, source="a.txt"))
    assert list(form)[:3] == ["schema_version", "type", "source"]
    assert (form["schema_version"], form["type"], form["source"]) == (1, kind, source)
    body = item.to_dict()
    assert {name: form[name] for name in body} == body
    assert [name for name in form if name in body] == (
        list(body) if "source" not in body else list(form)[2:]
    )
    assert render(item, "json", source="a.txt") == (
        f"{json.dumps(form, indent=2, ensure_ascii=False)}\n"
    )


def test_a_trial_alone_carries_its_records_in_full():
    assert json.loads(render(alone(records=(RECORD,))))["records"][0]["acronym"] is None


@pytest.mark.parametrize("size", [0, 1, 2])
def test_json_of_many_is_an_indented_array(size):
    items = list(HEADS[:size])
    objects = [json.loads(render(item)) for item, _, _ in items]
    whole = render((item for item, _, _ in items), "json")
    assert whole == f"{json.dumps(objects, indent=2, ensure_ascii=False)}\n"


@MANY
@given(HOSTILE, HOSTILE)
def test_json_gives_back_what_went_in(text, source):
    mentions, document = find(text), Linker(None).read(text, source=source)
    lines = render(mentions, source=source)
    lines.encode("utf-8")
    forms = [json.loads(line) for line in lines.split("\n") if line]
    # Two lone surrogates that meet make one character of JSON.
    told = json.loads(json.dumps(source))
    assert [(form["source"], form["start"], form["text"]) for form in forms] == [
        (told, mention.start, mention.text) for mention in mentions
    ]
    assert json.loads(render(mentions, "json", source=source)) == forms
    again = LinkedText.from_dict(json.loads(render(document)))
    assert again.mentions == document.mentions
    assert again.trials == document.trials or "\ud800" in text or "\udfff" in text


@pytest.mark.parametrize(
    ("format", "rendered"),
    [("table", ""), ("jsonl", ""), ("json", "[]\n"), ("csv", "")],
)
@pytest.mark.parametrize(
    "items", [[], (), {}.keys(), find(""), Resolutions()], ids=lambda items: type(items).__name__
)
def test_nothing_renders_as_nothing(format, rendered, items):
    assert render(items, format) == rendered


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("item", "kind", "_"), HEADS, ids=[head[1] for head in HEADS])
def test_one_item_a_list_and_a_generator_render_alike(format, item, kind, _):
    of_list = render([item], format)
    assert render((each for each in (item,)), format) == of_list
    if format != "json":
        assert render(item, format) == of_list
    assert of_list.endswith("\n")
    assert not of_list.endswith("\n\n")


def test_resolutions_render_as_their_values():
    assert render(Resolutions([FOUND, OFFLINE.replace(id=CTR)])) == render(
        [FOUND, OFFLINE.replace(id=CTR)]
    )


@pytest.mark.parametrize("format", ["jsonl", "json"])
def test_kinds_may_be_mixed_in_json(format):
    assert render([find(TEXT)[0], STATED], format)


@pytest.mark.parametrize("format", ["table", "csv"])
def test_kinds_may_not_be_mixed_in_columns(format):
    with pytest.raises(TypeError, match="mention and link have different columns"):
        render([find(TEXT)[0], STATED], format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("items", "named"),
    [
        (None, "NoneType"),
        ("NCT05066646", "str"),
        (b"NCT05066646", "bytes"),
        (3, "int"),
        ({"NCT05066646": FOUND}, "dict"),
        (RECORD, "Record"),
        (NCT, "TrialId"),
        (Span(0, 1, "x"), "Span"),
        (["NCT05066646"], "str"),
        ([None], "NoneType"),
        ([[find(TEXT)[0]]], "list"),
        ([RECORD], "Record"),
        ([NCT], "TrialId"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_be_rendered_is_a_type_error(format, items, named):
    with pytest.raises(TypeError, match=rf"^mentions, names.* can be rendered, not {named}$"):
        render(items, format)


def test_an_unknown_format_is_a_value_error_before_anything_is_written():
    with pytest.raises(ValueError, match="no format is called 'yaml'; known: table, jsonl"):
        render(find(TEXT), "yaml")
    file = io.StringIO()
    with pytest.raises(ValueError, match="yaml"):
        write(find(TEXT), file, "yaml")
    assert file.getvalue() == ""


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "table"])
def test_write_takes_items_as_they_come(format):
    written = []

    class File(io.StringIO):
        def write(self, piece):
            written.append(piece)
            return super().write(piece)

    def items():
        for mention in find(TEXT):
            before = len(written)
            yield mention
            assert len(written) > before

    file = File()
    write(items(), file, format)
    assert file.getvalue() == "".join(written) == render(find(TEXT), format)


@pytest.mark.parametrize("format", FORMATS)
def test_a_strict_utf8_file_takes_everything(format, tmp_path):
    path = tmp_path / "out"
    with path.open("w", encoding="utf-8", newline="") as file:
        write(find(TEXT), file, format, source="\udcff.txt")
    assert path.read_bytes().decode("utf-8").endswith("\n")


@pytest.mark.parametrize(("item", "kind", "source"), HEADS, ids=[head[1] for head in HEADS])
def test_csv_has_a_heading_and_the_source(item, kind, source):
    rows = list(csv.DictReader(io.StringIO(render(item, "csv", source="a.txt"))))
    assert rows
    assert {row["source"] for row in rows} == {source}
    assert all(None not in row and None not in row.values() for row in rows)


def test_csv_of_a_linked_text_has_seventeen_columns():
    heading, *rows = render(Linker(None).read(TEXT), "csv").splitlines()
    assert heading == (
        "source,start,end,text,trn,registry,registry_label,check_digit,repairs,outcome,trial_key,"
        "link_kind,brief_title,overall_status,lead_sponsor,agreement,data_date"
    )
    assert len(rows) == 2


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_text_is_never_a_formula(begin):
    row = list(csv.reader(io.StringIO(render(find(TEXT), "csv", source=f"{begin}1,2"), newline="")))
    assert row[1][0] == f"'{begin}1,2"


def test_no_identifier_begins_like_a_formula():
    for entry in REGISTRIES:
        for example in entry.examples:
            canonical = example[1] if isinstance(example, tuple) else example
            assert str(canonical)[:1] not in "=+-@\t\r\n"


@MANY
@given(HOSTILE)
def test_csv_gives_back_what_went_in_and_no_formula(source):
    document = find(TEXT)
    written = render(document, "csv", source=source)
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert len(rows) == 3
    cell = rows[1][0]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    escaped = source.encode("utf-8", "backslashreplace").decode("utf-8")
    assert cell in (escaped, f"'{escaped}")


class _Tags(HTMLParser):
    """Collects the text and the tags of HTML."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.others = "", [], []
        self.feed(source)
        self.close()

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def test_marks_are_links_or_spans():
    assert annotate("a < (CTR20192510, NCT05066646) & China", find(TEXT[:0])) == (
        "a &lt; (CTR20192510, NCT05066646) &amp; China"
    )
    text = "a < (CTR20192510, NCT05066646) & China"
    assert annotate(text, find(text)) == (
        'a &lt; (<span class="trialink" data-registry="cde_china" data-trn="CTR20192510">'
        'CTR20192510</span>, <a class="trialink" href="https://clinicaltrials.gov/study/'
        'NCT05066646" data-registry="nct" data-trn="NCT05066646">NCT05066646</a>) &amp; China'
    )


@MANY
@given(HOSTILE)
def test_annotated_text_has_our_tags_only_and_loses_nothing(text):
    mentions = find(text)
    marked = annotate(text, mentions)
    parsed = _Tags(marked)
    assert parsed.text == text
    assert parsed.others == []
    assert len(parsed.tags) == len(mentions)
    for (tag, attributes), mention in zip(parsed.tags, mentions, strict=True):
        expected = [("data-registry", mention.id.registry), ("data-trn", mention.id.number)]
        if mention.id.url:
            expected.insert(0, ("href", mention.id.url))
            assert mention.id.url.startswith(("https://", "http://"))
        assert (tag, attributes) == (
            "a" if mention.id.url else "span",
            [("class", "trialink"), *expected],
        )
    assert re.sub(r"<[^>]*>", "", marked) == html.escape(text)
    assert annotate(text, mentions, mark=lambda m: html.escape(m.text)) == html.escape(text)
    assert annotate(text, iter(mentions), mark=lambda m: m.text, escape=str) == text


@MANY
@given(st.sampled_from(PAYLOADS), st.sampled_from(PAYLOADS), st.sampled_from(PAYLOADS))
def test_marks_of_hand_made_mentions_are_safe_too(registry, number, text):
    mention = Mention(0, len(text), text, TrialId(registry, number))
    parsed = _Tags(annotate(text, [mention]))
    assert parsed.text == text
    assert parsed.tags == [
        (
            "span",
            [("class", "trialink"), ("data-registry", registry), ("data-trn", number)],
        )
    ]


@MANY
@given(HOSTILE, HOSTILE)
def test_documents_and_their_cards_are_safe_html(text, title):
    record = Record.model_construct(**vars(RECORD) | {"brief_title": title, "lead_sponsor": title})
    document = Linker(None).read(text, keep_text=True)
    trials = [trial.replace(records=(record,), names=(title,)) for trial in document.trials]
    page = document.replace(trials=trials)
    for source in (page.to_html(), page._repr_html_(), document.mentions._repr_html_()):
        parsed = _Tags(source)
        assert parsed.others == []
        assert not {tag for tag, _ in parsed.tags} & {"script", "img", "svg", "iframe", "b"}
        for _, attributes in parsed.tags:
            assert not [name for name, _ in attributes if name.startswith("on")]
            hrefs = [value for name, value in attributes if name in ("href", "src")]
            assert all(href.startswith(("https://", "http://")) for href in hrefs)


@pytest.mark.parametrize(
    "mentions",
    [
        pytest.param([Mention(0, 11, "NCT05066646", NCT)], id="another text stands there"),
        pytest.param([Mention(70, 81, "NCT05066646", NCT)], id="behind the end"),
        pytest.param([Mention(-11, -1, "un in Chin", NCT)], id="before the beginning"),
        pytest.param([Mention(9, 4, "", NCT)], id="ends before it begins"),
        pytest.param(find(TEXT) + find(TEXT)[:1], id="twice the same"),
        pytest.param(
            [Mention(27, 39, "CTR20192510,", CTR), Mention(38, 39, ",", CTR)], id="overlap"
        ),
    ],
)
def test_mentions_of_another_text_are_a_value_error(mentions):
    with pytest.raises(ValueError, match="is no mention of this text, or overlaps another"):
        annotate(TEXT, mentions)


def test_mentions_may_come_in_any_order():
    assert annotate(TEXT, reversed(find(TEXT))) == annotate(TEXT, find(TEXT))


@pytest.mark.parametrize(
    ("size", "rows", "more"), [(0, 0, ""), (2, 2, ""), (50, 50, ""), (53, 50, "… 3 more")]
)
def test_a_notebook_shows_at_most_fifty_mentions(size, rows, more):
    shown = find("NCT05066646 " * size)._repr_html_()
    assert shown.count("<tr>") == rows + 1
    assert (more in shown) if more else ("more" not in shown)


@pytest.fixture(scope="module")
def golden(shared) -> str:
    return (shared / "golden.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def golden_document(golden) -> dict:
    (form,) = (
        json.loads(block)
        for block in re.findall(r"```json\n(.*?)```", golden, re.DOTALL)
        if '"linked_text"' in block
    )
    return grown(form)


def test_the_golden_document_renders_byte_for_byte(golden_document):
    document = LinkedText.from_dict(golden_document)
    assert render(document) == f"{json.dumps(golden_document, ensure_ascii=False)}\n"


def test_the_golden_block_prints_byte_for_byte(golden, golden_document):
    document = LinkedText.from_dict(golden_document)
    block = re.search(r"--replay fixtures\n(.*?)\$ echo", golden, re.DOTALL)[1]
    closing = re.search(r"Last line, on stderr: `([^`]*)`", golden)[1]
    assert render(document, "table") == block
    assert str(document) == f"{block}\n{closing}"


def test_the_golden_sentences_are_in_the_reference(golden, golden_document):
    document = LinkedText.from_dict(golden_document)
    for shown in (
        *map(str, (*document.mentions, *document.resolutions.values())),
        str(document.trials[0].links[0]),
        *map(repr, (document, document.resolutions, *document.resolutions.values())),
        *map(repr, (document.trials, document.trials[0].links, document.agreement[0])),
        repr(document.provenance),
        repr(document.mentions).replace("\n", "\n"),
        trialink.html_mark(document.mentions[0]),
        trialink.html_mark(document.mentions[1]),
    ):
        assert shown in golden


def test_the_links_of_a_document_carry_what_the_golden_says_of_records(golden_document):
    (link,) = LinkedText.from_dict(golden_document).trials[0].links
    assert isinstance(link, Link)
    assert str(link).endswith("No registry record that was read declares it.")
