"""Words in addresses that a view takes as something more."""

from outreach.posters import Size


class SizeConverter:
    """a4 or a5 in an address; a `Size` in the view."""

    regex = "a4|a5"

    def to_python(self, value: str) -> Size:
        return Size(value)

    def to_url(self, value: Size | str) -> str:
        return Size(value).value


class TableConverter:
    """The kinds of file that a table is saved as."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PictureConverter:
    """The kinds of picture that a QR code is drawn as."""

    regex = "svg|png"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
