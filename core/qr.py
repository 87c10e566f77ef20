"""QR codes of our own addresses."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(link: str) -> SafeString:
    """Return the link as an SVG picture with the quiet zone of four modules that scanners need."""
    code = segno.make(link, error="m", micro=False)
    svg = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr-code")
    return mark_safe(svg)  # noqa: S308 - drawn here from an address of ours
