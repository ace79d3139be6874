"""No line is longer than it has to be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backprose.emit.layout import Broken, Doc, Group, Indent, Line, bracketed, render, separated

WORDS: list[tuple[Doc, ...]] = [("one",), ("two",), ("three",)]


def test_a_group_is_whole_or_broken_everywhere() -> None:
    group = Group(("a", Line(" "), "b", Line(" "), "c"))
    assert render((group,), width=5) == "a b c"
    assert render((group,), width=4) == "a\nb\nc"


def test_brackets_are_tried_on_one_line_first() -> None:
    call = ("call", *bracketed("(", separated(WORDS), ")"))
    assert render(call, width=21) == "call(one, two, three)"
    assert render(call, width=20) == "call(\n    one, two, three\n)"
    assert render(call, width=18) == "call(\n    one,\n    two,\n    three,\n)"


def test_what_follows_counts_up_to_the_next_break() -> None:
    call = (*bracketed("(", separated(WORDS), ")"), *bracketed("[", ("index",), "]"))
    assert render(call, width=18) == "(one, two, three)[\n    index\n]"
    assert render((*bracketed("(", separated(WORDS), ")"), "[index]"), width=18).startswith("(\n")


def test_indentation_is_that_of_the_first_line() -> None:
    assert (
        render(("f", *bracketed("(", ("argument",), ")")), column=8, width=12) == "f(\n            argument\n        )"
    )


def test_text_for_broken_groups_only() -> None:
    optional = Group((Broken("("), Indent((Line(), "word")), Line(), Broken(")")))
    assert (render((optional,), width=4), render((optional,), width=3)) == ("word", "(\n    word\n)")


documents: st.SearchStrategy[Doc] = st.recursive(
    st.sampled_from(["a", "word", Line(), Line(" "), Broken(",")]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: Group(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: Indent(tuple(parts))),
    ),
)


@given(documents, st.integers(1, 40))
def test_breaking_changes_only_white_space_and_what_is_for_broken_groups(doc: Doc, width: int) -> None:
    flat, broken = (render((Group((doc,)),), width=limit) for limit in (10**6, width))
    assert [mark for mark in broken if mark not in " \n,"] == [mark for mark in flat if mark not in " ,"]
    assert "\n" not in flat
