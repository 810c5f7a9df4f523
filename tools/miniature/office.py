"""Small files of every kind that notices link, made byte by byte and the same each time: no library writes them alike.

Each is as little as a reader of its format takes. Nothing here knows of the miniature web, so tests make theirs here.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

Rows = Sequence[Sequence[str | float]]

_WHEN = (2021, 7, 22, 9, 45, 0)
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF of lines in a Chinese font that is not embedded, as office programs print them; a page may have none."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[4 0 R]>>",
        (
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/FontDescriptor 5 0 R/DW 1000"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
        ),
        (
            b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800"
            b"/Descent -200/CapHeight 700/StemV 80>>"
        ),
    ]
    for number, lines in enumerate(pages):
        shown = b" ".join(b"<" + line.encode("gbk").hex().encode() + b"> Tj T*" for line in lines)
        stream = b"BT /F1 14 Tf 20 TL 40 800 Td " + shown + b" ET" if lines else b"0.9 g 40 40 500 760 re f"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {7 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    return pdf_of(objects)


def pdf_of(objects: Sequence[bytes], *, trailer: str = "") -> bytes:
    """A PDF file of its objects, numbered from 1; the first is its catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def docx(*blocks: str | Rows, body: str | None = None) -> bytes:
    """A Word document of paragraphs and tables, or of the XML that stands in its body."""
    inside = "".join(map(_block, blocks)) if body is None else body
    main = f'<w:document xmlns:w="{_WORD}" xmlns:mc="{_COMPAT}"><w:body>{inside}<w:sectPr/></w:body></w:document>'
    return packed(
        {
            "[Content_Types].xml": _types({"word/document.xml": f"{_OPEN}.wordprocessingml.document.main+xml"}),
            "_rels/.rels": _links({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": _XML + main,
        }
    )


def xlsx(sheets: Mapping[str, Rows | str], *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of sheets by name, each its rows, or the XML that stands in its `sheetData`."""
    parts = {f"xl/worksheets/sheet{number}.xml": rows for number, rows in enumerate(sheets.values(), start=1)}
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}"{_HIDDEN if name in hidden else ""} r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    links = {f"rId{number}": ("worksheet", part.removeprefix("xl/")) for number, part in enumerate(parts, start=1)}
    kinds = dict.fromkeys(parts, f"{_OPEN}.spreadsheetml.worksheet+xml")
    return packed(
        {
            "[Content_Types].xml": _types({"xl/workbook.xml": f"{_OPEN}.spreadsheetml.sheet.main+xml", **kinds}),
            "_rels/.rels": _links({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_LINK}">'
            f"<sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _links(links),
            **{
                part: f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{_sheet_data(rows)}</sheetData></worksheet>'
                for part, rows in parts.items()
            },
        }
    )


def packed(members: Mapping[str, str | bytes], *, deflated: bool = True) -> bytes:
    """A ZIP file of members by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data, archive.compression)
    return out.getvalue()


def packed_as(charset: str, members: Mapping[str, bytes]) -> bytes:
    """A ZIP file whose names are in this charset, without saying so, as Chinese tools write them."""
    names = {name.encode(charset): data for name, data in members.items()}
    stand_ins = {raw: chr(ord("A") + number) * len(raw) for number, raw in enumerate(names)}
    held = packed({stand_ins[raw]: data for raw, data in names.items()})
    for raw, stand_in in stand_ins.items():
        held = held.replace(stand_in.encode(), raw)
    return held


def xls(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of before 2007: BIFF8 in an OLE file. Source: [MS-XLS] 2.4."""
    bound = [_record(0x85, struct.pack("<IBBBB", 0, 0, 0, len(name), 1) + name.encode("utf-16-le")) for name in sheets]
    globals_ = _bof(0x05) + b"".join(bound) + _record(0x0A, b"")
    stream, places = globals_, []
    for rows in sheets.values():
        places.append(len(stream))
        cells = b"".join(
            _cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values)
        )
        stream += _bof(0x10) + cells + _record(0x0A, b"")
    for record, place in zip(bound, places, strict=True):
        at = stream.index(record)
        stream = stream[: at + 4] + struct.pack("<I", place) + stream[at + 8 :]
    return ole({"Workbook": stream})


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams, as old office programs write them. Source: [MS-CFB]."""
    held = {
        name: data + bytes(max(4096, -(-len(data) // _SECTOR) * _SECTOR) - len(data)) for name, data in streams.items()
    }
    chain: list[int] = [_FAT, _END]  # sector 0 is this table, sector 1 the directory
    starts: dict[str, int] = {}
    for name, data in held.items():
        starts[name] = len(chain)
        count = len(data) // _SECTOR
        chain += [*range(len(chain) + 1, len(chain) + count), _END]
    if len(chain) > _SECTOR // 4 or len(streams) > 3:
        raise ValueError("more than one sector of table or directory; write another maker")
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for number, (name, data) in enumerate(held.items(), start=1):
        right = number + 1 if number < len(held) else _FREE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(data)))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    table = struct.pack(f"<{_SECTOR // 4}I", *chain, *[_FREE] * (_SECTOR // 4 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)
    head += struct.pack("<108I", *[_FREE] * 108)
    return head + table + directory + b"".join(held.values())


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_WORD = f"{_SCHEMAS}/wordprocessingml/2006/main"
_SHEET = f"{_SCHEMAS}/spreadsheetml/2006/main"
_LINK = f"{_SCHEMAS}/officeDocument/2006/relationships"
_COMPAT = f"{_SCHEMAS}/markup-compatibility/2006"
_OPEN = "application/vnd.openxmlformats-officedocument"
_HIDDEN = ' state="hidden"'


def _types(parts: Mapping[str, str]) -> str:
    named = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{_XML}<Types xmlns="{_SCHEMAS}/package/2006/content-types">{rels}{xml}{named}</Types>'


def _links(links: Mapping[str, tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="{name}" Type="{_LINK}/{kind}" Target="{target}"/>' for name, (kind, target) in links.items()
    )
    return f'{_XML}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{made}</Relationships>'


def _block(block: str | Rows) -> str:
    if isinstance(block, str):
        return f'<w:p><w:r><w:t xml:space="preserve">{escape(block)}</w:t></w:r></w:p>'
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{_block(str(cell))}</w:tc>" for cell in row) + "</w:tr>" for row in block)
    return f"<w:tbl>{rows}</w:tbl>"


def _sheet_data(rows: Rows | str) -> str:
    if isinstance(rows, str):
        return rows
    made = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            if isinstance(value, str)
            else f'<c r="{chr(65 + column)}{number}"><v>{value}</v></c>'
            for column, value in enumerate(row)
        )
        made.append(f'<row r="{number}">{cells}</row>')
    return "".join(made)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _entry(name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
