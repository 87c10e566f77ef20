"""Kinds of arrival, ways in, and the messages that answer them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralKind(models.TextChoices):
    """Who sent the person: the form they used, or who the coordinator says it was.

    A kind that is also a kind of organisation has the same value there (`outreach.OrganisationKind`).
    """

    JOBCENTRE = "jobcentre", _("Jobcenter")
    GP = "gp", _("Praktiserende læge")
    PSYCHOLOGIST = "psychologist", _("Psykolog eller anden behandler")
    MUNICIPALITY = "municipality", _("Anden afdeling i kommunen")
    UNION = "union", _("Fagforening")
    HOUSING = "housing", _("Boligforening")
    ASSOCIATION = "association", _("Forening eller frivilligt tilbud")
    EDUCATION = "education", _("Uddannelsessted")
    OTHER_PROFESSIONAL = "other_professional", _("Anden fagperson")
    SELF = "self", _("Personen selv")
    COORDINATOR = "coordinator", _("Oprettet af koordinatoren")


class Intake(models.TextChoices):
    """How the arrival reached us."""

    WEB = "web", _("Formular")
    PHONE = "phone", _("Telefon")
    PAPER = "paper", _("Papir")
    MEETING = "meeting", _("Møde")
    XREF15 = "xref15", _("Henvisning fra lægesystemet (XREF15)")
    IMPORT = "import", _("Liste fra et regneark")


class HeardAbout(models.TextChoices):
    """Where the person or referrer heard of the programme."""

    COLLEAGUE = "colleague", _("En kollega")
    VISIT = "visit", _("Besøg eller møde med koordinatoren")
    JOBCENTRE = "jobcentre", _("Jobcenteret")
    DOCTOR = "doctor", _("Lægen")
    FRIEND = "friend", _("En, jeg kender")
    PARTICIPANT = "participant", _("En, der selv har været med")
    POSTER = "poster", _("Plakat eller folder")
    WEB = "web", _("Nettet eller sociale medier")
    PAPER = "paper", _("Avisen")
    OTHER = "other", _("Et andet sted")


class MessageKind(models.TextChoices):
    """The messages that this package plans; kinds.py says how each reads."""

    REFERRAL_RECEIPT = "referral_receipt", _("Kvittering til henviser")
    SIGNUP_RECEIPT = "signup_receipt", _("Kvittering til den, der tilmelder sig")
    FIRST_LETTER = "first_letter", _("Vi har fået din kontakt")
    SEAT_GIVEN = "seat_given", _("Du har fået en plads")
    THANKS = "thanks", _("Tak, fordi du var med")
    REFERRER_NEWS = "referrer_news", _("Nyt til henviser")
    NUDGE = "nudge", _("Påmindelse til henviser")
    INTERESTED_INVITATION = "interested_invitation", _("Nyt hold: besked til en interesseret")
    REFERRER_LINK = "referrer_link", _("Link til henviserens egen side")


class News(models.TextChoices):
    """What a referrer is told of somebody they sent, in the order of the path.

    Each has a switch `news_<value>` on the programme and on the referrer; news.py says when it is true.
    """

    CONTACT = "contact", _("Vi har talt med borgeren.")
    PLACED = "placed", _("Borgeren har fået en plads på et hold.")
    STARTED = "started", _("Borgeren er begyndt på et hold.")
    CLOSED = "closed", _("Forløbet er slut.")


class ToldEnding(models.TextChoices):
    """How a path ended, as coarse as a referrer may know it: neither illness nor a no can be read from it."""

    COMPLETED = "completed", _("Borgeren har gennemført forløbet.")
    MOVED_ON = "moved_on", _("Borgeren er hjulpet videre til noget andet.")
    ENDED = "ended", _("Borgeren fortsætter ikke i forløbet.")
    UNREACHABLE = "unreachable", _("Vi har ikke kunnet få kontakt med borgeren.")


class ReferralStatus(models.TextChoices):
    """How far a person is, as coarse as a referrer may know it."""

    RECEIVED = "received", _("Modtaget")
    CONTACTED = "contacted", _("Vi har kontakt")
    SEAT = "seat", _("Klar til hold")
    ACTIVE = "active", _("I gang")
    ENDED = "ended", _("Afsluttet")


class Expected(models.TextChoices):
    """What a referrer is told to expect next of one referral; the page has a sentence for each."""

    NOT_TOLD = "not_told"
    CALL_COMES = "call_comes"
    CALL_IS_LATE = "call_is_late"
    NOT_REACHED = "not_reached"
    TALKED = "talked"
    WAITS_FOR_SEAT = "waits_for_seat"
    TAKES_PART = "takes_part"
    ENDED = "ended"


# Why a call is to be made; the page of the task makes it a link. It names nobody: a task about one person
# must not keep the name of another, who may be erased.
RESEMBLES_SOMEBODY = "Ligner en, der er her i forvejen – se dem side om side."


# --- Reminders to referrers; only staff read these words ---------------------------------------------


class Trigger(models.TextChoices):
    """What makes a reminder due (triggers.py says when), the most pressing first.

    Whoever is due by two on one day hears the first.
    """

    HAND_OVER = "hand_over", "Har overtaget efter en kollega"
    AFTER_VISIT = "after_visit", "Efter et besøg"
    DEADLINE = "deadline", "Holdet begynder snart"
    UNDER_FILLED = "under_filled", "Holdet mangler folk"
    NEW_COHORT = "new_cohort", "Nyt hold med ledige pladser"
    THANKS = "thanks", "Tak, og hvad der blev af dem"
    NEWS = "news", "Månedens nyt"
    SILENT = "silent", "Henviser, vi ikke har hørt fra"


class NudgeMode(models.TextChoices):
    AUTOMATIC = "automatic", "Af sig selv"
    APPROVE = "approve", "Når jeg har godkendt dem"


class Audience(models.TextChoices):
    ALL = "all", "Alle henvisere"
    KEY_PERSONS = "key_persons", "Nøglepersoner"
    AMBASSADORS = "ambassadors", "Ambassadører"
    LEADERS = "leaders", "Ledere"


class NudgeState(models.TextChoices):
    """waiting → proposed → planned, or waiting → planned; waiting and proposed → dropped.

    From planned on the message tells.
    """

    WAITING = "waiting", "Venter"
    PROPOSED = "proposed", "Foreslået"
    PLANNED = "planned", "Godkendt"
    DROPPED = "dropped", "Ikke sendt"


class DrawnHalf(models.TextChoices):
    """Which half of a measured round somebody was drawn into (referrals.effect)."""

    NOW = "now", "Nu"
    LATER = "later", "21 dage senere"


class LimitReason(models.TextChoices):
    """Why an arrival is held although its form looked human: too many came at once."""

    ADDRESS = "address_limit", _("Mange henvendelser fra samme internetadresse på en time")
    CONTACT = "contact_limit", _("Mange henvendelser med samme telefon eller e-mail på et døgn")
    TEXT = "text_limit", _("Mange henvendelser med samme tekst på et døgn")
    PAGE = "page_limit", _("Samme side er sendt mange gange med nye svar på et døgn")
