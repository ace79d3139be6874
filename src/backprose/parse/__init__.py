"""Stage 1, ``function -> gast tree + comments + name bindings``: find the source of a running function.

``source`` reads and parses files once for each content, ``compare`` holds what was found against what runs, ``tree``
makes the gast tree, ``refuse`` says no to what is not a plain function, and ``function`` puts them together.
"""

from backprose.parse.function import parse, source_of
from backprose.parse.parsed import Binding, Comment, Parsed, Scope

__all__ = ["Binding", "Comment", "Parsed", "Scope", "parse", "source_of"]
