"""Posters and flyers: tagged PDF with a code that reads, and texts that are only ever text."""

import datetime as dt
import re
import zlib
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import typst
import zxingcpp

from outreach.enums import LinkTarget, PosterLanguage
from outreach.posters import (
    PosterCannotShow,
    PosterContent,
    Size,
    Words,
    draw_pdf,
    draw_png,
    qr_png,
    qr_svg,
    ready_words,
)
from outreach.posters.words import LABELS, day_in_words

ADDRESS = "https://kulturpaarecept.esbjerg.dk/l/k7mf3/"
CONTENT = PosterContent(
    language=PosterLanguage.DANISH,
    municipality="Esbjerg Kommune",
    name="Kultur på Recept Esbjerg",
    words=Words("Trænger du til et pusterum?", ("Mød andre på museet.", "Det er gratis.", "Ring på Ærø.")),
    next_start=dt.date(2027, 1, 12),
    phone="76 16 16 16",
    hours="mandag–torsdag kl. 9–12",
    address=ADDRESS,
)
LONG = replace(
    CONTENT,
    municipality="Ringkøbing-Skjern Kommune",
    name="Kultur på Recept og Sund med Kultur i Ringkøbing-Skjern og Holstebro samt omegnens landsbyer",
    words=Words("WÅ" * 12 + " " + "Mm" * 12 + " " + "i" * 10, ("W" * 40 + " " + "M" * 40 + " abcdefgh",) * 3),
    hours="mandag, tirsdag og torsdag kl. 9–12 samt onsdag og fredag kl. 13–15, dog ikke i uge 7 og 42",
    address="https://kulturpaarecept.ringkoebing-skjern.kommune.dk/l/k7mf3/",
)
PAPER = {Size.A4: (595, 842), Size.A5: (420, 595)}


def picture(pdf: bytes, scale: float = 2.0) -> np.ndarray:
    """Return the only page as grey pixels."""
    (page,) = pypdfium2.PdfDocument(pdf)
    return page.render(scale=scale, grayscale=True).to_numpy().squeeze()


def read_code(pixels: np.ndarray) -> str:
    (found,) = zxingcpp.read_barcodes(np.ascontiguousarray(pixels))
    return str(found.text)


def text_of(pdf: bytes) -> str:
    (page,) = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s+", " ", page.get_textpage().get_text_range())


def plain(pdf: bytes) -> str:
    """Return the file with its compressed parts opened, to look for what it declares."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("content", [CONTENT, LONG], ids=["short", "long"])
def test_draw_pdf_is_one_page_of_the_paper_with_a_code_that_reads(size, content):
    pdf = draw_pdf(content, size)
    (page,) = pypdfium2.PdfDocument(pdf)
    assert [round(length) for length in page.get_size()] == list(PAPER[size])
    assert read_code(picture(pdf)) == content.address
    assert len(pdf) < 500_000


@pytest.mark.parametrize("size", Size)
def test_draw_pdf_code_reads_from_a_small_and_bad_print(size):
    """At 72 points an inch, with every fifth line of pixels lost."""
    pixels = picture(draw_pdf(CONTENT, size), scale=1.5).copy()
    pixels[::25] = 128
    assert read_code(pixels) == ADDRESS


def test_draw_pdf_declares_itself_accessible():
    pdf = plain(draw_pdf(CONTENT, Size.A4))
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert re.search(r"/MarkInfo\s*<<[^>]*/Marked true", pdf)
    assert re.search(r"/Lang\s*\(da", pdf)
    assert "/StructTreeRoot" in pdf
    assert re.search(r"/DisplayDocTitle true", pdf)
    document = pypdfium2.PdfDocument(draw_pdf(CONTENT, Size.A4))
    assert document.get_metadata_value("Title") == "Trænger du til et pusterum? – Kultur på Recept Esbjerg"
    assert "/Alt" in pdf
    assert re.search(r"/S\s*/H1", pdf)
    assert re.search(r"/S\s*/Figure", pdf)


def test_draw_pdf_is_read_out_in_the_order_it_is_seen():
    text = text_of(draw_pdf(CONTENT, Size.A4))
    told = ["Esbjerg Kommune", "Kultur på Recept", "Trænger du", "Mød andre", "Det er gratis", "Ring på Ærø"]
    told += [
        "Næste hold starter",
        "tirsdag den 12. januar 2027",
        "76 16 16 16",
        "mandag–torsdag",
        "Skan koden",
    ]
    told += ["kulturpaarecept.esbjerg.dk", "/l/k7mf3"]
    places = [text.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("size", Size)
def test_draw_pdf_cuts_nothing_off_however_long_the_texts_are(size):
    """Every word stands within the paper's edge."""
    (page,) = pypdfium2.PdfDocument(draw_pdf(LONG, size))
    width, height = page.get_size()
    text = page.get_textpage()
    margin = 0.05 * width
    for place in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(place)
        if right - left:
            assert left >= margin - 1
            assert right <= width - margin + 1
            assert 0 < bottom < top < height


def test_text_cut_off_would_be_found():
    """The control: a word longer than the form lets through runs over the edge."""
    far_too_long = replace(CONTENT, words=Words("W" * 60, ()))
    (page,) = pypdfium2.PdfDocument(draw_pdf(far_too_long, Size.A4))
    text = page.get_textpage()
    assert max(text.get_charbox(place)[2] for place in range(text.count_chars())) > page.get_size()[0]


PAYLOADS = [
    "#panic()",
    '#read("/etc/passwd")',
    "#set page(fill: red)",
    "*fed* _kursiv_ `kode`",
    "$x^2$",
    "= Overskrift",
    "- liste",
    "https://ond.example",
    "@kilde <mærke>",
    "\\u{1F600} \\ ~ -- ---",
    '"); #import "x.typ',
    "// kommentar",
    "/* kommentar",
    '#image("x.png")',
    "{{ skabelon }} {% if %}",
    "<script>alert(1)</script>",
    "%s {name} {headline}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_draw_pdf_shows_markup_as_it_was_typed(payload):
    pdf = draw_pdf(replace(CONTENT, words=Words(payload, (payload,)), name=payload, hours=payload), Size.A4)
    seen = re.sub(r"\s", "", text_of(pdf))
    assert seen.count(re.sub(r"\s", "", payload)) == 4
    assert "/URI" not in plain(pdf)
    assert read_code(picture(pdf)) == ADDRESS


def test_markup_put_into_the_source_would_run():
    """The control: the same payload in the page's source is obeyed."""
    with pytest.raises(typst.TypstError, match="panicked"):
        typst.compile(b"#panic()")


@pytest.mark.parametrize(
    ("signs", "shown"), [("😀", False), ("欢", False), ("Ж", True), ("é", True), ("“”", True)]
)
def test_draw_pdf_refuses_signs_that_no_font_has(signs, shown):
    content = replace(CONTENT, words=Words(f"Kom {signs} med", ()))
    if shown:
        assert signs in text_of(draw_pdf(content, Size.A4))
        return
    with pytest.raises(PosterCannotShow) as refusal:
        draw_pdf(content, Size.A4)
    assert refusal.value.signs == signs


def test_draw_png_shows_the_same_code():
    png = draw_png(CONTENT, Size.A4)
    assert png.startswith(b"\x89PNG")
    assert len(png) < 300_000


def test_poster_without_next_start_or_hours_leaves_no_empty_label():
    text = text_of(draw_pdf(replace(CONTENT, next_start=None, hours=""), Size.A5))
    assert "Næste hold" not in text
    assert "76 16 16 16" in text


def test_poster_in_english_is_english_throughout():
    words = ready_words(LinkTarget.SIGN_UP, PosterLanguage.ENGLISH)
    pdf = draw_pdf(replace(CONTENT, language=PosterLanguage.ENGLISH, words=words, hours=""), Size.A4)
    text = text_of(pdf)
    assert "Tuesday 12 January 2027" in text
    assert "Would you rather call?" in text
    assert re.search(r"/Lang\s*\(en", plain(pdf))
    for label in vars(LABELS[PosterLanguage.DANISH]).values():
        assert label not in text


@pytest.mark.parametrize("language", PosterLanguage)
@pytest.mark.parametrize("target", LinkTarget)
def test_ready_words_fit_what_the_form_lets_through(language, target):
    words = ready_words(target, language)
    assert len(words.headline) <= 60
    assert len(words.lines) == 3
    assert all(len(line) <= 90 for line in words.lines)


def test_day_in_words_names_every_month_and_weekday():
    days = [dt.date(2027, month, month) for month in range(1, 13)]
    assert day_in_words(dt.date(2026, 10, 5), PosterLanguage.DANISH) == "mandag den 5. oktober 2026"
    for language in PosterLanguage:
        assert len({day_in_words(day, language) for day in days}) == 12


def test_qr_pictures_by_themselves_are_of_the_address():
    assert qr_svg(ADDRESS).startswith(b"<svg")
    assert qr_png(ADDRESS).startswith(b"\x89PNG")
