"""The address on an NFC tag (RTD URI 1.0) -> one identity: a product, or the address itself."""

from gatescan.core.compat import const
from gatescan.core.tags import gtin, nfc_text
from gatescan.core.tags.scheme import S_NDEF_URI, Tag, known, refused

_MAX_URI_BYTES = const(255)
_MAX_LINK_BYTES = const(512)

# RTD URI table 3, from abbreviation 0 (nothing) to 0x23
_ABBREVIATIONS = (
    " http://www. https://www. http:// https:// tel: mailto: ftp://anonymous:anonymous@"
    " ftp://ftp. ftps:// sftp:// smb:// nfs:// ftp:// dav:// news: telnet:// imap: rtsp:// urn:"
    " pop: sip: sips: tftp: btspp:// btl2cap:// btgoep:// tcpobex:// irdaobex:// file://"
    " urn:epc:id: urn:epc:tag: urn:epc:pat: urn:epc:raw: urn:epc: urn:nfc:"
)
_SGTIN = "urn:epc:id:sgtin:"

_HAND = " Classify the item by hand."
_DAMAGED = "The address on the NFC tag is damaged: hold it to the reader again." + _HAND
_EMPTY = "The address on the NFC tag is empty." + _HAND
_LONG = "The address on the NFC tag is too long." + _HAND
_SIGNS = "The address on the NFC tag holds characters that the scanner cannot show." + _HAND
_EPC = "The EPC on the NFC tag is not valid." + _HAND


def read(payload: bytes) -> Tag:
    """Identity by the payload of a URI record: abbreviation, then the rest in UTF-8 (3.2).

    A GS1 Digital Link and a pure identity of an SGTIN name a product; of any other address the
    key is the whole address, and nobody follows it. Never raises.
    """
    prefixes = _ABBREVIATIONS.split(" ")
    rest = nfc_text.utf8(payload[1:])
    if not payload or payload[0] >= len(prefixes) or rest is None:
        return refused(_DAMAGED)
    if not rest:
        return refused(_EMPTY)
    uri = prefixes[payload[0]] + rest
    if " " in uri or not nfc_text.is_shown(uri):
        return refused(_SIGNS)
    raw = uri.encode()
    if len(raw) > _MAX_LINK_BYTES:
        return refused(_LONG)
    if uri.startswith(_SGTIN):
        return _sgtin(raw[len(_SGTIN) :])
    if raw[:4].lower() == b"http" and len(raw) == len(uri):  # the standard's links are ASCII
        from gatescan.core.tags import digital_link

        if digital_link.looks_like(raw):
            tag = digital_link.read(raw, False)
            # Only an address without any GS1 key is an address like every other.
            if tag.error != digital_link.NO_PRODUCT:
                return tag
    if len(raw) > _MAX_URI_BYTES:
        return refused(_LONG)
    return known(S_NDEF_URI, bytes((S_NDEF_URI,)) + raw, text=uri)


def _sgtin(body: bytes) -> Tag:
    """Company prefix . indicator and item reference . serial (Tag Data Standard 2.3, 6.3.1)."""
    from gatescan.core.tags import element_string, identity
    from gatescan.core.tags.percent import unescape

    parts = body.split(b".", 2)
    if len(parts) != 3:
        return refused(_EPC)
    company, item = parts[0], parts[1]
    serial = nfc_text.utf8(unescape(parts[2]) or b"")
    digits = item[:1] + company + item[1:]
    if not (serial and item and 6 <= len(company) <= 12 and len(digits) == 13):
        return refused(_EPC)
    if not gtin.all_digits(digits):
        return refused(_EPC)
    digits += b"%d" % gtin.check_digit(digits, 0, 13)
    ais = [("01", digits.decode()), ("21", serial)]
    fault = element_string.fault_of(ais)
    return refused(fault) if fault else identity.tag_of(S_NDEF_URI, ais)
