"""The registry of kinds of message, filled by each package in its `AppConfig.ready()`.

A kind says who may get it (`eligible`), why somebody may not (`why_not`) and how it reads (`render`).
Most say the first two by `rules`, from which the table in docs/agreements-and-messages.md is written too.
"""

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.template import Context, Engine
from django.utils import translation

from messaging.sms import as_sms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from messaging.models import OutboundMessage


class UnknownKind(LookupError):
    """No package has registered a kind of this name."""


@dataclass(frozen=True)
class Rendered:
    """A message as it is sent: one address, a subject of one line, and the same words as text and HTML.

    `unsubscribe_url` is the page on which the recipient stops such messages, "" where there is none.
    A text message has a number for an address, and text alone.
    """

    address: str
    subject: str
    text: str
    html: str
    reply_to: str
    unsubscribe_url: str = ""


def always_eligible(now: dt.datetime) -> Q:
    """Match every message: for kinds that answer something the recipient has just done."""
    return Q()


def no_longer_relevant(message: "OutboundMessage", now: dt.datetime) -> str:
    return "Beskeden er ikke længere aktuel."


@dataclass(frozen=True)
class Rule:
    """One thing that must hold at the moment of sending.

    `holds(now)` is a condition over OutboundMessage; `why_not` is the Danish sentence kept where it does
    not hold; `details` says more of the one message, where there is more to say. `name` is how the table
    in docs/ knows the rule.
    """

    name: str
    holds: Callable[[dt.datetime], Q]
    why_not: str
    details: Callable[["OutboundMessage", dt.datetime], str] | None = None

    def sentence(self, message: "OutboundMessage", now: dt.datetime) -> str:
        """Return why `message` is not sent, this rule being broken."""
        return self.details(message, now) if self.details else self.why_not


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `eligible(now)` is a condition over OutboundMessage, tested inside the statement that claims the
    message. `why_not(message, now)` is the Danish sentence kept when it does not hold.
    `render(message, now)` reads everything afresh; it runs inside the programme's scope and in the
    claim's transaction, so that a link token it issues stands or falls with the claim. A kind that keeps
    to sending hours leaves July and Christmas in peace too, unless `keeps_quiet_periods` is false.
    A kind that can also go as a text message says how in `render_sms`, see `sms_message`, and that it
    rather does so by `sms_first`.
    Where many leave at once, `render_many` writes mails together, in their order, in fewer queries.
    `before_claim` takes locks in the claim's transaction, where one message's claim decides another's; it
    takes those of a batch in one order, whatever the batch.
    """

    name: str
    label: "StrOrPromise"
    eligible: Callable[[dt.datetime], Q]
    render: Callable[["OutboundMessage", dt.datetime], Rendered]
    respects_sending_hours: bool
    why_not: Callable[["OutboundMessage", dt.datetime], str] = no_longer_relevant
    render_sms: Callable[["OutboundMessage", dt.datetime], Rendered] | None = None
    keeps_quiet_periods: bool = True
    sms_first: bool = False
    render_many: "Callable[[Sequence[OutboundMessage], dt.datetime], list[Rendered]] | None" = None
    before_claim: "Callable[[Sequence[OutboundMessage]], None] | None" = None
    rules: tuple[Rule, ...] = ()

    @classmethod
    def by_rules(cls, *rules: Rule, **fields: Any) -> "Kind":
        """Return a kind that is sent where every rule holds, and else tells of the first that is broken."""

        def eligible(now: dt.datetime) -> Q:
            return reduce(operator.and_, (rule.holds(now) for rule in rules), Q())

        def why_not(message: "OutboundMessage", now: dt.datetime) -> str:
            this = type(message).objects.filter(pk=message.pk)
            broken = (rule for rule in rules if not this.filter(rule.holds(now)).exists())
            first = next(broken, None)
            return first.sentence(message, now) if first else no_longer_relevant(message, now)

        return cls(eligible=eligible, why_not=why_not, rules=rules, **fields)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known under its name; the last one registered holds."""
    _kinds[kind.name] = kind


def get_kind(name: str) -> Kind:
    """Return the kind called `name`.

    :raises UnknownKind: when no package has registered it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def known_kinds() -> list[Kind]:
    """Return every kind by its Danish label."""
    return sorted(_kinds.values(), key=lambda kind: str(kind.label))


def kind_label(name: str) -> str:
    """Return the Danish label of the kind, or its bare name when it is not known here."""
    kind = _kinds.get(name)
    return str(kind.label) if kind else name


def render_message(
    folder: str,
    context: dict[str, Any],
    *,
    address: str,
    reply_to: str,
    unsubscribe_url: str = "",
    language: str = "da",
) -> Rendered:
    """Return the message written by `folder`'s subject.txt, body.txt and body.html in `language`.

    Text is not escaped as HTML is; the subject's white space becomes single spaces on one line.
    """
    with translation.override(language):
        return Rendered(
            address=address,
            subject=" ".join(_written(f"{folder}/subject.txt", context).split()),
            text=_written(f"{folder}/body.txt", context).strip() + "\n",
            html=_written(f"{folder}/body.html", context, escaped=True),
            reply_to=reply_to,
            unsubscribe_url=unsubscribe_url,
        )


def sms_message(template: str, context: dict[str, Any], *, phone: str, language: str = "da") -> Rendered:
    """Return the text message written by `template` in `language`, on one line.

    It names the municipality and a time, never the programme, an illness or a place that tells of one.

    :raises messaging.sms.TooLongForSms: when it takes more than two segments.
    """
    with translation.override(language):
        text = as_sms(_written(template, context))
    return Rendered(address=phone, subject="", text=text, html="", reply_to="")


def _written(template_name: str, context: dict[str, Any], *, escaped: bool = False) -> str:
    template = Engine.get_default().get_template(template_name)
    return str(template.render(Context(context, autoescape=escaped)))
