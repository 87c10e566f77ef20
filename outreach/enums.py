"""Kinds of organisation, ways out to people, what is done there, and where a link leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    JOBCENTRE = "jobcentre", _("Jobcenter")
    GP = "gp", _("Almen praksis")
    PSYCHOLOGIST = "psychologist", _("Psykolog eller anden privat behandler")
    UNION = "union", _("Fagforening")
    HOUSING = "housing", _("Boligforening")
    ASSOCIATION = "association", _("Forening eller frivilligt tilbud")
    EDUCATION = "education", _("Uddannelsessted")
    MUNICIPALITY = "municipality", _("Anden afdeling i kommunen")
    OTHER = "other", _("Andet")


# Weeks between visits, by how fast the people there change: a jobcentre team is another one within a year,
# a practice stays the same for many. Each organisation may have a number of its own.
VISIT_WEEKS: dict[OrganisationKind, int] = {
    OrganisationKind.JOBCENTRE: 6,
    OrganisationKind.MUNICIPALITY: 10,
    OrganisationKind.UNION: 13,
    OrganisationKind.HOUSING: 13,
    OrganisationKind.ASSOCIATION: 13,
    OrganisationKind.EDUCATION: 20,
    OrganisationKind.GP: 26,
    OrganisationKind.PSYCHOLOGIST: 26,
    OrganisationKind.OTHER: 26,
}


class Arena(models.TextChoices):
    """Where a way out meets people."""

    REFERRERS = "referrers", _("Faste henvisere")
    MUNICIPALITY = "municipality", _("Inde i kommunen")
    HOUSING = "housing", _("Boligområder")
    PUBLIC = "public", _("Offentlige steder")
    MEETINGS = "meetings", _("Møder og foreninger")
    DIRECT = "direct", _("Direkte kontakt")


class Strategy(models.TextChoices):
    """How a way out reaches them (Esbjerg's three)."""

    OPEN = "open", _("Åben: materiale, som andre giver videre")
    DELIMITED = "delimited", _("Afgrænset: et møde hos en partner")
    TARGETED = "targeted", _("Målrettet: til dem, der har vist interesse")

    @property
    def short(self) -> str:
        """The one word of the label."""
        return str(self.label).partition(":")[0]


class ActivityKind(models.TextChoices):
    """What was done to find people; `DEFAULT_MINUTES` says what it usually takes."""

    VISIT = "visit", _("Besøg")
    TALK = "talk", _("Oplæg på et møde")
    INFORMATION_MEETING = "information_meeting", _("Informationsmøde")
    POSTERS = "posters", _("Plakater og foldere")
    NEWSLETTER = "newsletter", _("Nyhedsbrev eller opslag")
    PHONE = "phone", _("Telefonsamtaler")
    MAIL = "mail", _("Mail til en person")
    EVENT = "event", _("Arrangement")
    OTHER = "other", _("Andet")


# Minutes of the coordinator's, way and preparation included; only a beginning, changed with one key.
DEFAULT_MINUTES: dict[ActivityKind, int] = {
    ActivityKind.VISIT: 60,
    ActivityKind.TALK: 45,
    ActivityKind.INFORMATION_MEETING: 120,
    ActivityKind.POSTERS: 60,
    ActivityKind.NEWSLETTER: 30,
    ActivityKind.PHONE: 30,
    ActivityKind.MAIL: 10,
    ActivityKind.EVENT: 180,
    ActivityKind.OTHER: 30,
}


# We sat with people there, so it counts as a visit; and what counts as having been in touch at all.
VISITING_KINDS = (ActivityKind.VISIT, ActivityKind.TALK, ActivityKind.INFORMATION_MEETING, ActivityKind.EVENT)
CONTACT_KINDS = (*VISITING_KINDS, ActivityKind.PHONE, ActivityKind.MAIL, ActivityKind.OTHER)


class Vulnerability(models.TextChoices):
    """Why a partnership may break, the most pressing first."""

    KEY_PERSON_LEFT = "key_person_left", _("Nøgleperson er stoppet")
    NO_KEY_PERSON = "no_key_person", _("Ingen nøgleperson")
    ONE_KEY_PERSON = "one_key_person", _("Kun én nøgleperson")
    NOT_VISITED = "not_visited", _("Trænger til besøg")
    NO_LEADER_CONTACT = "no_leader_contact", _("Ingen kontakt med ledelsen")


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("Planlagt")
    DONE = "done", _("Gennemført")
    DROPPED = "dropped", _("Droppet")


class LinkTarget(models.TextChoices):
    """Where a tracked link leads; those named as a kind of organisation lead to that kind's form."""

    SIGN_UP = "sign_up", _("Tilmelding for borgere")
    ABOUT = "about", _("Siden om forløbet")
    INTERESTED = "interested", _("Skriv dig op: hør om næste hold")
    REFER = "refer", _("Henvisning: vælg hvor du arbejder")
    JOBCENTRE = "jobcentre", _("Henvisning fra jobcenteret")
    GP = "gp", _("Henvisning fra almen praksis")
    PSYCHOLOGIST = "psychologist", _("Henvisning fra psykolog eller privat behandler")
    UNION = "union", _("Henvisning fra fagforening")
    HOUSING = "housing", _("Henvisning fra boligforening")
    ASSOCIATION = "association", _("Henvisning fra forening")
    EDUCATION = "education", _("Henvisning fra uddannelsessted")
    MUNICIPALITY = "municipality", _("Henvisning fra anden afdeling")
    OTHER = "other", _("Henvisning fra et andet sted")


class InterestAgreed(models.TextChoices):
    """How somebody said yes to hearing of the next cohorts."""

    FORM = "form", _("På formularen")
    MEETING = "meeting", _("På et møde")
    PHONE = "phone", _("I telefonen")


class PosterLanguage(models.TextChoices):
    DANISH = "da", _("Dansk")
    ENGLISH = "en", _("Engelsk")
