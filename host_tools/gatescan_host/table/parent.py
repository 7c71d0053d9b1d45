"""The table that a new one follows: its code, its classes, and what it has in common with it."""

import struct
from dataclasses import dataclass

from gatescan.core.table import format as fmt
from gatescan.core.table.format import TableError
from gatescan.core.table.reader import Table
from gatescan.core.trust.bundle import BundleHead
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.signing import bundle
from gatescan_host.site.items import ClassSpec
from gatescan_host.table.read import open_bytes


@dataclass(frozen=True)
class Parent:
    """A table file whose content is as it was signed."""

    head: BundleHead
    data: bytes  # the table in it
    table: Table
    codes: bytes  # section CODES: scanners write their merged tables in it
    specs: list[ClassSpec]  # in the order of their numbers


def read_parent(file: bytes, site_id: str) -> Parent:
    """The table in a signed table file of the same site; raises GatescanError."""
    try:
        head = bundle.parse(file)
        data = file[head.head_bytes :]
        table = open_bytes(data)
        codes, classes = table.files.codes(), table.files.load(fmt.K_CLASSES)
    except (GatescanError, TableError) as error:
        raise _no_parent(str(error)) from None
    if head.manifest.site != site_id:
        raise _no_parent(
            f"It belongs to site {head.manifest.site} and the site file to {site_id}."
        )
    specs = [(category, bits) for category, _, bits in struct.iter_unpack("<BBH", classes)]
    return Parent(head, data, table, bytes(codes), specs)


def _no_parent(reason: str) -> GatescanError:
    return GatescanError(
        "The parent cannot be followed, name another or build without --parent:"
        f" {reason[0].lower()}{reason[1:]}",
        Exit.TABLE_REJECTED,
    )
