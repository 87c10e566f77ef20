"""Users, programmes and memberships: who may enter, and what each programme has decided for itself."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core.danish import add_working_days
from core.scopes import scoped_manager


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; without `password` the account cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person on the staff. What they may do comes from memberships alone: there is no superuser."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("navn"), max_length=150)
    is_active = models.BooleanField(_("aktiv"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Programme(models.Model):
    """One municipality's programme, with every figure and text that it decides itself."""

    # Who we are
    name = models.CharField(_("programmets navn"), max_length=100)
    slug = models.SlugField(
        _("navn i adressen"),
        unique=True,
        help_text=_("Står på plakater og i links. Små bogstaver, tal og bindestreg."),
    )
    municipality = models.CharField(_("kommune"), max_length=60)
    municipality_code = models.CharField(
        _("kommunekode"), max_length=4, validators=[RegexValidator(r"^\d{4}$", _("Skriv fire cifre."))]
    )
    # Whom to call
    contact_name = models.CharField(_("kontaktperson"), max_length=100)
    contact_phone = models.CharField(_("telefon"), max_length=16)
    contact_email = models.EmailField(_("e-mail"), help_text=_("Svar på alle beskeder lander her."))
    phone_hours = models.CharField(
        _("telefontid"), max_length=100, blank=True, help_text=_("For eksempel: mandag–torsdag kl. 9–12")
    )
    # What we tell
    about = models.TextField(_("om programmet"), help_text=_("Står øverst på den offentlige side."))
    target_group = models.TextField(_("målgruppe"))
    criteria = models.TextField(_("kriterier"), help_text=_("Ét kriterium på hver linje."))
    procedure = models.TextField(
        _("procedure"), help_text=_("Hvad der sker efter en henvisning, trin for trin.")
    )
    information_text = models.TextField(_("sådan behandler vi oplysninger"))
    crisis_text = models.TextField(_("hvis du har det skidt lige nu"))
    # The way in
    first_contact_days = models.PositiveSmallIntegerField(
        _("dage til første opkald"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Arbejdsdage fra henvisning til vi ringer første gang."),
    )
    task_minutes_call = models.PositiveSmallIntegerField(_("minutter pr. opkald"), default=15)
    # Cohorts
    default_capacity = models.PositiveSmallIntegerField(
        _("pladser på et hold"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    completed_percent = models.PositiveSmallIntegerField(
        _("fremmøde for at have gennemført (%)"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    # Measures
    low_score_limit = models.PositiveSmallIntegerField(
        _("lav trivsel til og med"),
        default=35,
        validators=[MaxValueValidator(100)],
        help_text=_("WHO-5-score (0–100), der giver dig en opgave. 35 svarer til “stor risiko”."),
    )
    after_measure_min_days = models.PositiveSmallIntegerField(
        _("mindste antal dage mellem målingerne"), default=14
    )
    after_measure_max_days = models.PositiveSmallIntegerField(
        _("eftermåling senest dage efter sidste mødegang"), default=21
    )
    # Nudges
    nudges_on = models.BooleanField(_("send påmindelser til henvisere"), default=True)
    nudge_gap_days = models.PositiveSmallIntegerField(
        _("dage mellem påmindelser til samme henviser"),
        default=21,
        validators=[MinValueValidator(7), MaxValueValidator(180)],
        help_text=_("Mindst så længe går der, uanset hvor mange regler der passer."),
    )
    quiet_july = models.BooleanField(_("ingen påmindelser i juli"), default=True)
    quiet_christmas = models.BooleanField(_("ingen påmindelser 23. december–1. januar"), default=True)
    # Messages on the path; the same names stand on a referrer, who chooses too
    news_receipt = models.BooleanField(_("til henviser: kvittering for en henvisning"), default=True)
    news_contact = models.BooleanField(_("til henviser: vi har talt med borgeren"), default=True)
    news_placed = models.BooleanField(_("til henviser: borgeren har fået en plads"), default=True)
    news_started = models.BooleanField(_("til henviser: borgeren er begyndt"), default=True)
    news_closed = models.BooleanField(_("til henviser: forløbet er slut, og hvordan"), default=True)
    mail_signup = models.BooleanField(_("til deltager: kvittering for en tilmelding"), default=True)
    mail_contact = models.BooleanField(
        _("til deltager: vi har fået din kontakt"),
        default=True,
        help_text=_("Kun når du selv trykker på knappen hos en, som en anden har henvist."),
    )
    mail_seat = models.BooleanField(_("til deltager: du har fået en plads"), default=True)
    mail_thanks = models.BooleanField(_("til deltager: tak, fordi du var med hele vejen"), default=True)
    # Text messages
    sms_on = models.BooleanField(
        _("send sms til borgere uden e-mail"),
        default=False,
        help_text=_("Kvitteringer og links til skemaer. Sms nævner kommunen, aldrig programmet."),
    )
    sms_sender = models.CharField(
        _("afsender på sms"),
        max_length=11,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                r"^(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}$", _("Brug 3–11 tegn: bogstaver fra a til z og tal.")
            )
        ],
        help_text=_("Kommunens korte navn, uden æ, ø og å, for eksempel Solby."),
    )
    # Protection
    message_retention_days = models.PositiveSmallIntegerField(
        _("dage, vi gemmer teksten i sendte beskeder"), default=180
    )
    retention_months = models.PositiveSmallIntegerField(
        _("måneder, vi gemmer oplysninger om en afsluttet deltager"), default=24
    )
    smallest_cell = models.PositiveSmallIntegerField(
        _("mindste tal, der vises i tabeller om personer"), default=5, validators=[MinValueValidator(5)]
    )
    coordinator_hours = models.PositiveSmallIntegerField(_("koordinatorens timer pr. uge"), default=15)
    # Nobody calls from the first to the last of these days; the coordinator decides, see `call_by`.
    holiday_from = models.DateField(null=True, blank=True, editable=False)
    holiday_until = models.DateField(null=True, blank=True, editable=False)
    # What an hour of the coordinator's costs the municipality: about 525,000 kroner a year in wages and
    # pension, over the 1,500 hours that are left when holidays and illness are taken off. Our estimate;
    # each municipality has its own.
    hourly_rate = models.PositiveSmallIntegerField(
        _("hvad en af koordinatorens timer koster, i kroner"),
        default=350,
        validators=[MaxValueValidator(5000)],
        help_text=_(
            "Bruges kun til at regne ud, hvad det koster at finde en deltager. 350 svarer til 525.000 kr. "
            "om året i løn og pension, delt på 1.500 timer efter ferie og fravær."
        ),
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programmer")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sms_on=False) | ~models.Q(sms_sender=""),
                name="accounts_programme_sms_has_sender",
                violation_error_message=_("Skriv, hvem sms’erne er fra, før du slår dem til."),
            ),
            models.CheckConstraint(
                condition=models.Q(smallest_cell__gte=5), name="accounts_programme_smallest_cell"
            ),
            models.CheckConstraint(
                condition=models.Q(completed_percent__gte=1, completed_percent__lte=100),
                name="accounts_programme_completed_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(low_score_limit__lte=100), name="accounts_programme_low_score_limit"
            ),
            models.CheckConstraint(
                condition=models.Q(holiday_from=None, holiday_until=None)
                | models.Q(
                    holiday_from__isnull=False,
                    holiday_until__isnull=False,
                    holiday_until__gte=models.F("holiday_from"),
                ),
                name="accounts_programme_holiday_has_both_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holiday(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day on which nobody calls; None without a holiday."""
        if self.holiday_from is None or self.holiday_until is None:
            return None
        return self.holiday_from, self.holiday_until

    def call_by(self, day: dt.date, days: int | None = None) -> dt.date:
        """Return by when somebody who came on `day` is called: the one promise of every form and mail.

        That is after the programme's working days, or after `days`; those of its holiday do not count.
        """
        return add_working_days(day, self.first_contact_days if days is None else days, away=self.holiday)

    def holiday_delays(self, day: dt.date) -> bool:
        """Return whether somebody who comes on `day` is called later than they would be without a holiday."""
        return self.call_by(day) != add_working_days(day, self.first_contact_days)

    @property
    def criteria_list(self) -> list[str]:
        """The criteria, one per non-empty line."""
        return [line.strip() for line in self.criteria.splitlines() if line.strip()]

    @property
    def procedure_list(self) -> list[str]:
        """The steps of the procedure, one per non-empty line."""
        return [line.strip() for line in self.procedure.splitlines() if line.strip()]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def at_work(self) -> "MembershipQuerySet":
        """The coordinators: those who do the programme's work, and may stand in for each other."""
        return self.filter(role=Role.COORDINATOR, user__is_active=True)

    def stood_in_for(self, today: dt.date) -> "MembershipQuerySet":
        """Those who are away today and whose deputy is still a coordinator of the programme."""
        deputies = Membership.objects.at_work().filter(
            user=models.OuterRef("deputy"), programme=models.OuterRef("programme")
        )
        return self.filter(models.Exists(deputies), away_from__lte=today, away_until__gte=today)


MembershipManager = models.Manager.from_queryset(MembershipQuerySet)


class Membership(models.Model):
    """A user's role in a programme, one role per programme, and what they have arranged about their work."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("bruger"))
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="memberships", verbose_name=_("program")
    )
    role = models.CharField(_("rolle"), max_length=20, choices=Role.choices)
    # Since when the user wants the week's overview by mail on Mondays; empty: not at all.
    digest_since = models.DateTimeField(null=True, blank=True, editable=False)
    # Who stands in, and the first and the last day.
    deputy = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vikar")
    )
    away_from = models.DateField(null=True, blank=True, editable=False)
    away_until = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[MembershipManager] = MembershipManager()

    class Meta:
        verbose_name = _("medlemskab")
        verbose_name_plural = _("medlemskaber")
        constraints = [
            models.UniqueConstraint(fields=["user", "programme"], name="accounts_membership_one_role"),
            models.CheckConstraint(
                condition=models.Q(deputy=None, away_from=None, away_until=None)
                | models.Q(
                    away_from__isnull=False,
                    away_until__isnull=False,
                    away_until__gte=models.F("away_from"),
                ),
                name="accounts_membership_away_has_both_days",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("user")),
                name="accounts_membership_deputy_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.programme}"


class ProgrammeOwned(models.Model):
    """Base of every row that belongs to a programme: a query outside a programme's scope raises."""

    programme = models.ForeignKey(
        "accounts.Programme", models.PROTECT, related_name="+", editable=False, verbose_name=_("program")
    )

    objects: ClassVar[Any] = scoped_manager()

    class Meta:
        abstract = True
