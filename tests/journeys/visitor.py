"""One person's browser."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response


class Visitor:
    """A browser with its own cookies, and everything the pages complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._heard: list[tuple[str, str, str]] = []
        self._refusals: set[str] = set()
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._heard.append((page.url, str(error), "")))
        page.on("console", lambda line: self._hear(page, line))
        page.on("response", self._note_refusal)
        return page

    @property
    def complaints(self) -> list[str]:
        """Script errors, breaches of the Content-Security-Policy, missing files; not a page's own 422."""
        return [f"{page}: {text}" for page, text, source in self._heard if source not in self._refusals]

    def _hear(self, page: Page, line: ConsoleMessage) -> None:
        if line.type == "error":
            loading = line.text.startswith("Failed to load resource")
            self._heard.append((page.url, line.text, line.location["url"] if loading else ""))

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._refusals.add(response.url)
