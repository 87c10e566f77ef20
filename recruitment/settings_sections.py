"""The sections of /indstillinger/: every setting of a programme stands in exactly one of them.

To add a setting, add a field to `accounts.Programme` and name it here; a test fails until it is. A text
in both languages is named in `accounts/translation.py` and stands here as its `_da` and `_en`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.translation import TRANSLATED

Text = str | Promise


@dataclass(frozen=True)
class Section:
    """A page of settings: its part of the address, heading, what it is for, and the fields in order."""

    slug: str
    heading: Text
    lead: Text
    fields: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "program",
        _("Programmet"),
        _("Navn, kommune og hvem man ringer til. Det står på alle offentlige sider og i alle beskeder."),
        (
            "name",
            "slug",
            "municipality",
            "municipality_code",
            "contact_name",
            "contact_phone",
            "contact_email",
            "phone_hours_da",
            "phone_hours_en",
        ),
    ),
    Section(
        "tekster",
        _("Tekster"),
        _(
            "Det, borgere og henvisere læser på de offentlige sider og i formularerne. "
            "Mangler en tekst på engelsk, vises den danske."
        ),
        (
            "about_da",
            "about_en",
            "target_group_da",
            "target_group_en",
            "criteria_da",
            "criteria_en",
            "procedure_da",
            "procedure_en",
            "information_text_da",
            "information_text_en",
            "crisis_text_da",
            "crisis_text_en",
        ),
    ),
    Section(
        "vejen-ind",
        _("Vejen ind"),
        _("Hvor hurtigt I ringer, hvor lang tid der er sat af, og hvad en time koster."),
        ("first_contact_days", "task_minutes_call", "coordinator_hours", "hourly_rate"),
    ),
    Section(
        "hold-og-maalinger",
        _("Hold og målinger"),
        _("Pladser, hvornår et forløb er gennemført, og reglerne for målingerne."),
        (
            "default_capacity",
            "completed_percent",
            "low_score_limit",
            "after_measure_min_days",
            "after_measure_max_days",
        ),
    ),
    Section(
        "beskeder",
        _("Beskeder undervejs"),
        _(
            "Hvad I skriver af jer selv. En henviser hører kun, hvordan det går, når borgeren har sagt ja "
            "til det, og får højst én mail om dagen."
        ),
        (
            "news_receipt",
            "news_contact",
            "news_placed",
            "news_started",
            "news_closed",
            "mail_signup",
            "mail_contact",
            "mail_seat",
            "mail_thanks",
        ),
    ),
    Section(
        "paamindelser",
        _("Påmindelser til henvisere"),
        _(
            "Om I sender påmindelser, og hvor ofte. Reglerne bor under Samarbejde. "
            "Kun på hverdage kl. 8 til 16."
        ),
        ("nudges_on", "nudge_gap_days", "quiet_july", "quiet_christmas"),
    ),
    Section(
        "sms",
        _("Sms"),
        _("Om borgere uden e-mail får beskeder på sms, og hvem de er fra."),
        ("sms_on", "sms_sender"),
    ),
    Section(
        "beskyttelse",
        _("Beskyttelse af oplysninger"),
        _("Hvor længe I gemmer oplysninger, og hvor små tal der vises."),
        ("message_retention_days", "retention_months", "smallest_cell"),
    ),
)

# Kept, and obeyed by nothing yet: the page says so, for a promise on the screen must be true.
NOTED_ONLY: dict[str, Text] = {
    "retention_months": _("Noteres kun. Oplysninger slettes og anonymiseres endnu ikke af sig selv."),
    "smallest_cell": _("Noteres kun. Lederen ser mål for trivsel fra 10 par, uanset tallet her."),
}

# Set by the system, neither the administrator's nor anybody's choice; a text that stands in several
# languages is set in each of them; and the holiday is the coordinator's.
NOT_SETTINGS = frozenset({"id", "is_demo", "created_at", "holiday_from", "holiday_until", *TRANSLATED})


def section_for(slug: str) -> Section | None:
    """Return the section with this part of the address."""
    return next((section for section in SECTIONS if section.slug == slug), None)
