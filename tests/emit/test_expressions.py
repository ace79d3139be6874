"""Expressions are written with the parentheses they need and no others, the same on every Python."""

from __future__ import annotations

import ast

import gast
import pytest

from backprose.emit.guard import check_text
from backprose.emit.writer import Writer

AS_WRITTEN = """
-x ** 2
(-x) ** 2
x ** -y
x ** -y ** z
(x ** y) ** z
(a + b) ** 2
2 ** (a + b)
a - b - c
a - (b - c)
a + (b + c)
a - (b + c) * d
a / b / c
a / (b / c)
a * b / c
a * (b / c)
a * -b
-a * b
-(a * b)
--a
a @ b @ c
a @ (b @ c)
a // b % c
-(a @ b)
a % (b % c)
~a & b
~(a & b)
a & b | c ^ d
a & (b | c)
a & b == c
a << b >> c
a << (b >> c)
a < b
a < b <= c
(a < b) < c
a < (b < c)
(a < b) & (c < d)
a is not b
a not in b
not a
not a == b
(not a) == b
not (a and b)
not a and b
a and b or c
a and (b or c)
(a and b) and c
a or (b or c)
a if b else c
(a if b else c) if d else e
a if (b if c else d) else e
a if b else c if d else e
(a if b else c) + d
a + (b if c else d)
f(a if b else c)
[a if b else c, d]
lambda: 0
lambda x, /, y, *args, z=1, **keywords: x + y
(lambda x: x)(1)
(a := b)
f((a := b))
x[0]
x[:, None]
x[1:]
x[:-1]
x[1:-1, ::2]
x[::-1]
x[a + 1:b, ...]
x[()]
x[(0,)]
x[:,]
x[a, b][c]
x[(*a, b)]
x[a if b else c]
(a, b)
(a,)
()
(a, (b, (c,)))
[]
[a]
{a: b, **c}
{a, b}
{**a}
f()
f(a, *b, c=d, **e)
f(a)(b)[c].d
f(*(a or b))
f(x for x in y)
f((x for x in y), 1)
[x for x in y if x if z]
[x for x in (a if b else c)]
[(a, b) for a, b in c]
{a: b for a in c}
{a for a in b}
(a for a in b)
[a for b in c for a in b]
(a + b).T
(-a).T
-a.T
(a, b)[0]
a.b.c(d)
(1).real
(1.5).imag
"a".join(b)
1.5
1e-300
1e+300
2j
10000000000000000000000
True
None
...
"it's"
'say "a"'
"both \\" and '"
"new\\nline"
"back\\\\slash"
"\\u200b\\U0001f600 \xe9"
b"bytes"
f"{a}"
f"{a!r:>{b}.3f} {{c}}"
f"{a['b']}"
f"{a + 1:.2e}"
f"{(lambda: 0)}"
f"{ {a: b}}"
f"it's {a}"
""".strip().split("\n")

TIDIED = {
    "(x)": "x",
    "((a + b)) + c": "a + b + c",
    "(a * b) + c": "a * b + c",
    "-(a ** b)": "-a ** b",
    "(-a) * b": "-a * b",
    "a * (-b)": "a * -b",
    "not (a == b)": "not a == b",
    "x[(1, 2)]": "x[1, 2]",
    "x[(slice(1), 2)]": "x[slice(1), 2]",
    "f((x for x in y))": "f(x for x in y)",
    "'a'": '"a"',
    "'a' 'b'": '"ab"',
    "u'a'": '"a"',
    "0x10": "16",
    "1_000.": "1000.0",
    "1e400": "1e309",
    "f'a' 'b' f'{c}'": 'f"ab{c}"',
    "f'{a=}'": 'f"a={a!r}"',
    "a if b else (c if d else e)": "a if b else c if d else e",
    "lambda x: (x)": "lambda x: x",
}


def written(text: str) -> str:
    tree = ast.parse(text, mode="eval")
    return Writer(gast.gast_to_ast(gast.ast_to_gast(tree)).body).text


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_written_as_it_is(text: str) -> None:
    assert written(text) == text


@pytest.mark.parametrize(("text", "tidy"), TIDIED.items())
def test_superfluous_parentheses_go(text: str, tidy: str) -> None:
    assert written(text) == tidy


@pytest.mark.parametrize("text", AS_WRITTEN)
@pytest.mark.parametrize("width", [1, 12])
def test_wrapped_text_is_the_same_expression(text: str, width: int) -> None:
    body = ast.parse(f"name = {text}").body
    check_text(Writer(ast.Module(body, []), width=width).text, body)
