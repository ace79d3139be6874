"""Where text is kept: files of every kind, archives, notebooks, doctests, text of ours; and where none is."""

from __future__ import annotations

import ast
import doctest
import inspect
import linecache
import math
import sys
import zipfile
from pathlib import Path

import gast
import pytest

from backprose.errors import BackproseError, SourceError
from backprose.parse import parse
from tests.parse.modules import edit, imported, module, run, text, write


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tabs", b"if 1:\n\tdef f(x):\n\t\treturn x + 1\n"),
        ("form feed", b"y = 1\n\x0c\ndef f(x):\n    s = 'a\x0cb'\n    return x + 1\n"),
        ("crlf", b"y = 1\r\ndef f(x):\r\n    s = '''a\r\n'''\r\n    return x + 1\r\n"),
        ("cr", b"y = 1\rdef f(x):\r    return x + 1\r"),
        ("latin-1", "# -*- coding: latin-1 -*-\ndef f(x):\n    s = 'é'\n    return x + 1\n".encode("latin-1")),
        ("bom", b"\xef\xbb\xbfdef f(x):\n    return x + 1\n"),
        ("no newline at the end", b"def f(x): return x + 1"),
        ("unicode", "def f(x, é=2):\n    ﬁ = '🐍'; return x + 1\n".encode()),
        ("line separators", "s = '\u2028\x85\x1c'\ndef f(x):\n    return x + 1\n".encode()),
        ("invalid escape", rb"def f(x): '\d'; return x + 1"),
        ("walrus and star", b"def f(x, *a, k=(n := 1), **kw):\n    (y := x)\n    return x + 1\n"),
        ("future", b"from __future__ import annotations\ndef f(x: Nowhere) -> No:\n    y: No\n    return x + 1\n"),
        (
            "imports",
            b"import math\nfrom os import path as p\ndef f(x):\n    math.sin(x); p.join('')\n    return x + 1\n",
        ),
        ("shadowed import", b"import math\ndef f(x, math=None):\n    if x == 'n': math.sin(x)\n    return x + 1\n"),
        ("docstring", b"def f(x):\n    '''A\n        b\n    '''\n    return x + 1\n"),
        (
            "constants",
            b"def f(x):\n    a = (0.0, -0.0, 1, True, 1j, b'', ..., (1, (2.0,)))\n    x in {1, 2}\n    return x + 1",
        ),
        (
            "inner class",
            b"def f(x):\n    class A:\n        def m(s):\n            s.b = s.a = s.c = 1\n    return x + 1\n",
        ),
        ("assert", b"def f(x):\n    assert x, 'x'\n    return x + 1\n"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*invalid escape")
def test_files(tmp_path, name, content):
    parsed = parse(module(tmp_path, content).f)
    last = parsed.tree.body[-1]
    assert parsed.text_of(parsed.span_of(last)) == "return x + 1"
    assert parsed.locate(last.value).text.endswith("return x + 1")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters(tmp_path):
    made = module(tmp_path, "def f[T](x: T):\n    y: T = x\n    return T, y\nclass A[S]:\n    def m(self): return S\n")
    assert parse(made.f).lookup("T").scope == "closure"
    assert parse(made.A.m).tree.name == "m"


def test_a_file_in_an_archive(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("zipped_for_parse.py", "def f(x):\n    return x + 1\n")
    monkeypatch.syspath_prepend(str(tmp_path / "archive.zip"))
    import zipped_for_parse

    assert text(zipped_for_parse.f).endswith("x + 1")


def test_a_relative_path_after_a_change_of_directory(tmp_path, monkeypatch):
    path = write(tmp_path, "def f(x):\n    return x + 1\n")
    names = {"__file__": str(path)}
    exec(compile(path.read_text(), path.name, "exec"), names)
    assert text(names["f"]).endswith("x + 1")


def test_a_notebook_cell_and_emitted_text():
    cell = run("def f(x):\n    return x + 1\n", "/tmp/ipykernel_1/123456.py", remember=True)
    assert text(cell["f"]).endswith("x + 1")
    linecache.checkcache()
    assert text(cell["f"]).endswith("x + 1")
    emitted = run("def f_grad(x):\n    return 2 * x\n", "<backprose f_grad>", remember=True)
    assert parse(emitted["f_grad"]).file == "<backprose f_grad>"


def test_a_cell_compiled_statement_by_statement():
    """IPython compiles each statement of a cell alone, so that a function does not see the cell's imports."""
    cell, file, names = "import math\ndef f(x):\n    return math.sin(x)\n", "<cell by statements>", {}
    linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
    for statement in ast.parse(cell).body:
        exec(compile(ast.Module([statement], []), file, "exec", dont_inherit=True), names)
    assert text(names["f"]).endswith("math.sin(x)")


def test_text_whose_functions_were_compiled_in_a_factory():
    """What ``load`` does: names of ours are free variables of a function that stands alone in its text."""
    body, file = "def f(x):\n    return np.sin(x) * f(rate)\n", "<in a factory>"
    linecache.cache[file] = (len(body), None, body.splitlines(keepends=True), file)
    definition = ast.parse(body).body
    factory = ast.parse("def factory(np, rate):\n    pass\n    return f")
    factory.body[0].body[:1] = definition
    names = {}
    exec(compile(factory, file, "exec", dont_inherit=True), names)
    function = names["factory"](math, 2.0)
    assert function.__code__.co_freevars == ("f", "np", "rate")
    parsed = parse(function)
    assert parsed.lookup("np").value is math
    assert parsed.lookup("f").value is function


def test_a_future_flag_that_the_text_does_not_show():
    file, body = "<with annotations>", "def f(x):\n    def g(y: No): return y\n    return g(x)\n"
    linecache.cache[file] = (len(body), None, body.splitlines(keepends=True), file)
    names = {}
    exec(compile("from __future__ import annotations\n" + body, "<other>", "exec", dont_inherit=True), names)
    flags = names["f"].__code__.co_flags & 0x1000000
    assert flags
    exec(compile(body, file, "exec", flags, dont_inherit=True), names)
    assert parse(names["f"]).tree.name == "f"


def test_doctests():
    found = {}
    example = doctest.DocTestParser().get_doctest(
        "Text.\n    >>> def f(x):  # twice\n    ...     return x + x\n    >>> found['f'] = parse(f)\n",
        {"parse": parse, "found": found},
        "name",
        None,
        0,
    )
    assert doctest.DocTestRunner().run(example).failed == 0
    assert found["f"].comments[1].text == "# twice"


@pytest.mark.parametrize(
    ("file", "advice"),
    [
        ("<stdin>", "IPython or a notebook"),
        ("<string>", "put the function in a file"),
        ("<made up>", "linecache.cache"),
        ("/nowhere/at/all.py", "import it again"),
    ],
)
def test_no_text(file, advice):
    names = run("def f(x):\n    return x\n", file, remember=False)
    with pytest.raises(SourceError, match="the source of f cannot be found") as caught:
        parse(names["f"])
    assert advice in str(caught.value)


def test_a_file_that_is_gone(tmp_path):
    path = write(tmp_path, "def f(x):\n    return x\n")
    made = imported(path)
    path.unlink()
    with pytest.raises(SourceError, match="cannot be found"):
        parse(made.f)


def test_deep_expressions_are_found_or_refused(tmp_path):
    long = " + ".join(["x"] * 150)
    assert text(module(tmp_path, f"def f(x):\n    return {long}\n").f)
    longer = " + ".join(["x"] * 2500)
    with pytest.raises(BackproseError):
        parse(module(tmp_path, f"def f(x):\n    return {longer}\n").f)


def test_a_file_is_parsed_once(tmp_path, monkeypatch):
    made = module(tmp_path, "def f(x):\n    return x\n\ndef g(x):\n    return -x\n")
    calls = []
    original = ast.parse

    def counted(text, *args, **kwargs):
        calls.append(text)
        return original(text, *args, **kwargs)

    monkeypatch.setattr(ast, "parse", counted)
    parse(made.f), parse(made.g), parse(made.f)
    assert sum("return -x" in call for call in calls) == 1


def test_parsing_leaves_the_cached_tree_alone(tmp_path):
    made = module(tmp_path, "def f(x):\n    s = 'é'; return x\n")
    first, second = parse(made.f), parse(made.f)
    assert first.tree is not second.tree
    assert gast.dump(first.tree, include_attributes=True) == gast.dump(second.tree, include_attributes=True)


@pytest.mark.parametrize(
    "name", ["argparse", "dataclasses", "statistics", "fractions", "typing", "numpy.linalg._linalg"]
)
def test_no_false_alarm_on_real_modules(name):
    """Every function of some large modules is found, or refused for what it is (a generator, say)."""
    __import__(name)
    owner = sys.modules[name]
    pending = list(vars(owner).values())
    functions = set()
    for value in pending:
        if inspect.isclass(value) and value.__module__ == name and value not in functions:
            pending.extend(vars(value).values())
        elif inspect.isfunction(value) and Path(value.__code__.co_filename) == Path(owner.__file__):
            functions.add(value)
    assert len(functions) > 15
    for function in functions:
        try:
            parse(function)
        except SourceError as error:
            raise AssertionError(function.__qualname__) from error
        except BackproseError:
            pass


def test_reloading_after_an_edit(tmp_path):
    path = write(tmp_path, "def f(x):\n    return x\n")
    assert text(imported(path).f).endswith("return x")
    edit(path, "def f(x):\n    return x * 2\n")
    assert text(imported(path).f).endswith("return x * 2")
