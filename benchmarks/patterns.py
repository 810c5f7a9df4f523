"""How the time of every pattern of ours grows with hostile text.

usage: python benchmarks/patterns.py [--size 20000] [--only NAME …] [--seconds 600]

Patterns are those compiled in the modules of `archive` and `crawler`, whatever list, mapping or record holds them, and
those written into calls of `re`. Each is tried, by search and by fullmatch, on its own words and on letters of every
class, repeated to half the size and to the size, alone and behind one of its words. The slowest text of each pattern
is told where it takes `_TOLD` CPU seconds or more and grows faster than `_STEEP`: the exponent, and what was repeated.
With `--seconds` a pattern that takes so much CPU with one text ends this script, and stands last in what was written.
What is quadratic is no error by itself: the readers look at no more of a line than the field can have.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import importlib
import inspect
import math
import pkgutil
import re
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

_ROOMS: Final = ("archive", "crawler")
_STEEP: Final = 1.5
_TOLD: Final = 0.02
_FILLERS: Final = tuple(" \n\u30001a中.-/=:：,，'\"<>([（《〔|_&;%")
_RUN: Final = re.compile(r"[^\W_]+")
_WORDS: Final = 1  # of a pattern, that text is put behind
_CALLS: Final = frozenset(("search", "match", "fullmatch", "findall", "finditer", "sub", "split"))
_END: Final = "\x00"  # that no pattern allows, so that all ways to match are tried

Pattern = re.Pattern[str] | re.Pattern[bytes]


def main() -> None:
    """Try every pattern, and print those that grow fast."""
    args = _arguments()
    found = {name: pattern for name, pattern in patterns().items() if not args.only or name in args.only}
    for name, pattern in found.items():
        if args.seconds:
            print(name, flush=True)
        spent, text = 0.0, _END
        for one in _texts(pattern.pattern, args.size):
            if args.seconds:
                _bound(args.seconds)
            spent, text = max((spent, text), (_cost(pattern, one), one))
        half = _cost(pattern, text[: len(text) // 2] + _END)
        grows = math.log2(spent / half) if half and spent else 0.0
        if spent >= _TOLD and grows > _STEEP:
            print(f"{name:60} {spent:7.3f} s {grows:5.2f}  {text[:12]!r}", flush=True)
    print(f"{len(found)} patterns")


def _bound(seconds: int) -> None:
    """Let the system end this process when it has taken so much more CPU."""
    limit = math.ceil(time.process_time()) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def patterns() -> dict[str, Pattern]:
    """Every pattern of our modules by the first place where it stands."""
    found: dict[Pattern, str] = {}
    sys.path.remove(sys.path[0])  # `incremental.py` beside us is the name of a library, too
    for room in map(importlib.import_module, _ROOMS):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if module.name.endswith("__main__"):
                continue
            loaded = importlib.import_module(module.name)
            for name, value in vars(loaded).items():
                for pattern in _held(value):
                    found.setdefault(pattern, f"{module.name}.{name}")
            for line, pattern in _called(loaded):
                found.setdefault(pattern, f"{module.name}:{line}")
    return _numbered(found)


def _numbered(found: Mapping[Pattern, str]) -> dict[str, Pattern]:
    named: dict[str, Pattern] = {}
    for pattern, place in found.items():
        same = sum(name.partition("#")[0] == place for name in named)
        named[f"{place}#{same}" if same else place] = pattern
    return named


def _held(value: object, depth: int = 0) -> Iterator[Pattern]:
    """The patterns in a value of a module."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4 or isinstance(value, (type, str, bytes)):
        return
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _held(pair, depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _held(one, depth + 1)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _held(getattr(value, field.name), depth + 1)


def _called(module: ModuleType) -> Iterator[tuple[int, Pattern]]:
    """The patterns written into calls of `re`, and their lines."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr in _CALLS) == ("re", True)
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, (str, bytes))
        ):
            yield node.lineno, re.compile(node.args[0].value)


def _texts(source: str | bytes, size: int) -> Iterator[str]:
    """Texts of a size, by what a pattern is made of."""
    words = _RUN.findall(source if isinstance(source, str) else source.decode("latin-1"))
    letters = sorted({letter for word in words for letter in word})
    for unit in (*_FILLERS, *letters, *words):
        yield unit * (size // len(unit)) + _END
    for word in ("", *words[:_WORDS]):
        for filler in _FILLERS:
            yield word + filler * (size - len(word)) + _END
            yield (word + filler) * (size // (len(word) + 1)) + _END


def _cost(pattern: Pattern, text: str) -> float:
    begun = time.process_time()
    if isinstance(pattern.pattern, bytes):
        pattern.search(text.encode())
        pattern.fullmatch(text.encode())
    else:
        pattern.search(text)
        pattern.fullmatch(text)
    return time.process_time() - begun


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000, help="characters of a text")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="these patterns only")
    parser.add_argument("--seconds", type=int, help="CPU seconds that one pattern may take with one text")
    return parser.parse_args()


if __name__ == "__main__":
    main()
