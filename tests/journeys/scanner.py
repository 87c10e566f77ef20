"""A telephone's camera: reads the QR code that a page shows, off the screen."""

import base64

import numpy as np
import zxingcpp
from playwright.sync_api import Locator

# Brightness of each pixel, drawn on a page of its own: a staff page lets no picture in from elsewhere.
_PIXELS = """async shot => {
    const picture = new Image();
    picture.src = 'data:image/png;base64,' + shot;
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const ink = canvas.getContext('2d');
    ink.drawImage(picture, 0, 0);
    const colours = ink.getImageData(0, 0, picture.width, picture.height).data;
    return [picture.height, picture.width, Array.from(colours).filter((_, place) => place % 4 === 1)];
}"""


def read_qr_code(code: Locator) -> str:
    """Return the text of the one QR code within `code`.

    :raises ValueError: when there is none, or more than one.
    """
    shot = base64.b64encode(code.screenshot()).decode()
    browser = code.page.context.browser
    assert browser is not None
    with browser.new_page() as darkroom:
        height, width, pixels = darkroom.evaluate(_PIXELS, shot)
    (found,) = zxingcpp.read_barcodes(np.array(pixels, dtype=np.uint8).reshape(height, width))
    return str(found.text)
