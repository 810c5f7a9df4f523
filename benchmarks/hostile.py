"""Ask an archive's search 70 hostile and 5,000 fuzzed queries over HTTP: how many answers were no 200, and how slow.

`python benchmarks/hostile.py ARCHIVE [--fuzzed 5000] [--seed 2026]`; exit code 1 if any answer was another.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.hostile import QUERIES, addresses, asked, fuzzed  # noqa: E402  the checkout is put on the path above


def main() -> int:
    """Ask, print what came, and say by the exit code whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--fuzzed", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    bad: list[tuple[int, str]] = []
    times: list[float] = []
    with asked(given.archive) as asker:
        for where in addresses(chain(QUERIES, fuzzed(given.fuzzed, given.seed)), given.seed):
            begun = time.perf_counter()
            status, _ = asker.get(where)
            times.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                bad.append((status, where))
    times.sort()
    at = {share: times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99, 1.0)}
    print(f"asked {len(times):,}; not answered with 200: {len(bad)}")
    print("milliseconds  " + "  ".join(f"p{share * 100:.0f} {value:.0f}" for share, value in at.items()))
    for status, where in bad[:20]:
        print(status, where[:200])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
