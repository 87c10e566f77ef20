"""The versions of a form: what is shown now, what a page was opened with, and publishing another."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Programme, User
from referrals.enums import ReferralKind
from referrals.form_content import FormContent, Texts, as_of_today, form_content
from referrals.models import FormVersion

# The coordinator's own form is no page for others, and has no versions.
KINDS = tuple(kind for kind in ReferralKind if kind != ReferralKind.COORDINATOR)


class FormChangedMeanwhile(Exception):
    """Somebody has published another version since the editor was opened."""


@dataclass(frozen=True)
class ShownForm:
    """A form as it is read: `version` is None until it is kept, by an editor or by the first who sends it."""

    programme_id: int
    kind: ReferralKind
    number: int
    content: FormContent
    version: FormVersion | None

    @property
    def token(self) -> str:
        """What a page carries to say which form it shows; by its sum a number never means two contents."""
        return f"{self.number}-{self.content.fingerprint(self.programme_id, self.kind.value)}"


def current_form(programme: Programme, kind: ReferralKind) -> ShownForm:
    """Return the form of `kind` as it is shown now; one query, and nothing is written."""
    return _current(programme, kind, FormVersion.objects.of(kind).first())


def current_forms(programme: Programme) -> dict[ReferralKind, ShownForm]:
    """Return every form as it is shown now, in the order of the kinds; one query."""
    newest = {version.kind: version for version in FormVersion.objects.newest_of_each_kind()}
    return {kind: _current(programme, kind, newest.get(kind)) for kind in KINDS}


def _current(programme: Programme, kind: ReferralKind, newest: FormVersion | None) -> ShownForm:
    """Return the newest version, or what comes after it where the programme's texts have changed since."""
    if newest is None:
        return ShownForm(programme.pk, kind, 1, form_content(programme, kind), None)
    kept = FormContent.from_json(newest.content)
    content = as_of_today(programme, kind, kept)
    if content == kept:
        return ShownForm(programme.pk, kind, newest.number, content, newest)
    return ShownForm(programme.pk, kind, newest.number + 1, content, None)


def form_of(version: FormVersion) -> ShownForm:
    """Return the form as `version` kept it."""
    content = FormContent.from_json(version.content)
    return ShownForm(version.programme_id, ReferralKind(version.kind), version.number, content, version)


def opened_form(programme: Programme, kind: ReferralKind, token: str) -> ShownForm | None:
    """Return the form that a page with `token` shows, current or not; None where no page of ours had it."""
    digits, _, _ = token.partition("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    version = FormVersion.objects.of(kind).filter(number=int(digits)).first()
    found = current_form(programme, kind) if version is None else form_of(version)
    return found if found.token == token else None


@transaction.atomic
def publish_form(
    *,
    programme: Programme,
    kind: ReferralKind,
    is_open: bool,
    own: Mapping[str, Texts],
    left_out: Iterable[str],
    based_on: int,
    by: User,
    now: dt.datetime,
) -> FormVersion:
    """Return the version with these decisions, new unless the current one says the same.

    :raises FormChangedMeanwhile: when the current form is no longer number `based_on`.
    """
    _lock(programme)
    current = current_form(programme, kind)
    if current.number != based_on:
        raise FormChangedMeanwhile
    kept = keep_version(programme=programme, shown=current, now=now)
    content = form_content(programme, kind, is_open=is_open, own=own, left_out=left_out)
    if content == current.content:
        return kept
    return _insert(programme, kind, kept.number + 1, content, by, now)


@transaction.atomic
def keep_version(
    *, programme: Programme, shown: ShownForm, now: dt.datetime, by: User | None = None
) -> FormVersion:
    """Return the version of `shown`, published if it was not yet; the same one however often it is asked."""
    if shown.version is not None:
        return shown.version
    _lock(programme)
    made: FormVersion | None = FormVersion.objects.of(shown.kind).filter(number=shown.number).first()
    if made is not None and FormContent.from_json(made.content) == shown.content:
        return made
    number = shown.number if made is None else FormVersion.objects.of(shown.kind).first().number + 1
    return _insert(programme, shown.kind, number, shown.content, by, now)


@transaction.atomic
def keep_versions(*, programme: Programme, now: dt.datetime, by: User | None = None) -> list[FormVersion]:
    """Keep every form whose content no version has: never published, or with other texts since."""
    _lock(programme)
    shown = [form for form in current_forms(programme).values() if form.version is None]
    return [keep_version(programme=programme, shown=form, now=now, by=by) for form in shown]


def _lock(programme: Programme) -> None:
    """Let one at a time number the versions; weaker than FOR UPDATE, so that arrivals go on."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _insert(
    programme: Programme,
    kind: ReferralKind,
    number: int,
    content: FormContent,
    by: User | None,
    now: dt.datetime,
) -> FormVersion:
    made: FormVersion = FormVersion.objects.create(
        programme=programme,
        kind=kind,
        number=number,
        content=content.to_json(),
        published_at=now,
        published_by=by,
    )
    return made
