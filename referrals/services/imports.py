"""A waiting list between the upload and the import: kept encrypted, answered line by line, then received."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.models import Programme, User
from participants.enums import AgreementMethod
from referrals.enums import Intake, ReferralKind
from referrals.models import ImportDraft
from referrals.services.answers import Answers
from referrals.services.arrivals import lock_arrivals
from referrals.services.lists import AnswerMissing, ListedArrival, ListResult, receive_list
from referrals.services.matching import (
    Match,
    Matches,
    decisions_of,
    is_answer,
    matches_of_list,
    sure_answers,
    unanswered,
)

# A list is checked and imported in one sitting; whoever is called away finds it again the same day.
KEPT = dt.timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class DraftContent:
    """What was read of the file, and what is asked about it: for each line whom it may be."""

    arrivals: tuple[ListedArrival, ...]
    matches: Matches
    columns: tuple[tuple[str, str], ...]
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    agreement_method: str = ""

    def to_json(self) -> str:
        """Return the content as text that `from_json` reads."""
        return json.dumps(
            {
                **{name: getattr(self, name) for name in _PLAIN},
                "arrivals": [_packed(arrival) for arrival in self.arrivals],
                "matches": [
                    [line, [dataclasses.astuple(match) for match in found]]
                    for line, found in self.matches.items()
                ],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "DraftContent":
        """Return what `to_json` was given."""
        kept: dict[str, Any] = json.loads(text)
        kept["columns"] = tuple((header, label) for header, label in kept["columns"])
        kept["arrivals"] = tuple(_unpacked(arrival) for arrival in kept["arrivals"])
        kept["matches"] = {
            line: tuple(Match(match[0], match[1], match[2], tuple(match[3]), match[4]) for match in found)
            for line, found in kept["matches"]
        }
        return cls(**kept)


_PLAIN = ("columns", "encoding", "separator", "sheet", "agreement_method")


def _packed(arrival: ListedArrival) -> list[Any]:
    days = (arrival.received_on, arrival.received_at)
    return [
        arrival.line,
        arrival.kind.value,
        arrival.answers.to_json(),
        arrival.submission_key.hex,
        *(day and day.isoformat() for day in days),
    ]


def _unpacked(packed: list[Any]) -> ListedArrival:
    line, kind, answers, key, received_on, received_at = packed
    return ListedArrival(
        line=line,
        kind=ReferralKind(kind),
        answers=Answers.from_json(answers),
        submission_key=uuid.UUID(key),
        received_on=received_on and dt.date.fromisoformat(received_on),
        received_at=received_at and dt.datetime.fromisoformat(received_at),
    )


# --- Keeping it ------------------------------------------------------------------------------------


@transaction.atomic
def keep_draft(
    *,
    programme: Programme,
    file_name: str,
    arrivals: Sequence[ListedArrival],
    agreement_method: AgreementMethod | str = "",
    by: User,
    now: dt.datetime,
    **understood: Any,
) -> ImportDraft:
    """Keep what was read until it is imported, with whom each line may be; an older one of `by` is gone.

    `understood` is how the file was read: columns, encoding, separator, sheet.
    """
    ImportDraft.objects.filter(programme=programme, created_by=by).delete()
    matches = matches_of_list(arrivals)
    content = DraftContent(
        arrivals=tuple(arrivals), matches=matches, agreement_method=agreement_method, **understood
    )
    draft: ImportDraft = ImportDraft.objects.create(
        programme=programme,
        file_name=file_name[:200],
        content=content.to_json(),
        decisions=json.dumps(sure_answers(matches)),
        row_count=len(arrivals),
        created_at=now,
        created_by=by,
    )
    return draft


def open_draft(draft: ImportDraft) -> tuple[DraftContent, dict[int, str]]:
    """Return what was read, and what has been answered of which line."""
    answered = json.loads(draft.decisions or "{}")
    return DraftContent.from_json(draft.content), {int(line): answer for line, answer in answered.items()}


@transaction.atomic
def answer_draft(*, draft: ImportDraft, answers: dict[int, str]) -> dict[int, str]:
    """Keep what was said of these lines beside what was said before; return all of it.

    What is no answer to the line's question is left out.
    """
    locked: ImportDraft = ImportDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    content, said = open_draft(locked)
    said |= {
        line: answer for line, answer in answers.items() if is_answer(answer, content.matches.get(line, ()))
    }
    locked.decisions = json.dumps(said)
    locked.save(update_fields=["decisions"])
    return said


def drop_draft(*, draft: ImportDraft, now: dt.datetime) -> None:
    """Forget the list; nothing of it is imported."""
    _close(ImportDraft.objects.filter(pk=draft.pk, closed_at=None), now)


def _close(drafts: models.QuerySet[ImportDraft], now: dt.datetime) -> None:
    drafts.update(file_name="", content="", decisions="", closed_at=now)


def forget_import_drafts(*, now: dt.datetime) -> int:
    """Forget every list that was uploaded longer ago than `KEPT`, of every programme; return how many."""
    return int(ImportDraft._base_manager.filter(created_at__lt=now - KEPT).delete()[0])


# --- Importing it ----------------------------------------------------------------------------------


@transaction.atomic
def import_draft(*, draft: ImportDraft, by: User, now: dt.datetime) -> ListResult | None:
    """Receive the list, all or nothing, and empty the draft; None when it was imported or dropped before.

    :raises AnswerMissing: when a line that resembles somebody is not answered, or is said to be the same
        as a line that is left out.
    :raises PersonGone: when somebody who was to be joined has gone since.
    """
    lock_arrivals(draft.programme)
    locked: ImportDraft = ImportDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if locked.closed_at is not None:
        return None
    content, answers = open_draft(locked)
    if missing := unanswered(content.matches, answers):
        raise AnswerMissing(missing)
    result = receive_list(
        programme=locked.programme,
        listed=content.arrivals,
        decisions=decisions_of(content.matches, answers),
        intake=Intake.IMPORT,
        agreement_method=AgreementMethod(content.agreement_method) if content.agreement_method else None,
        by=by,
        now=now,
    )
    _close(ImportDraft.objects.filter(pk=locked.pk), now)
    return result
