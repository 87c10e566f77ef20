"""What a referrer chooses about reminders, with one button."""

from django import forms

from referrals.services import PAUSE_MONTHS

RESUME, STOP, NEWS = "resume", "stop", "news"
PAUSES = {f"pause-{months}": months for months in PAUSE_MONTHS}


class ReminderChoiceForm(forms.Form):
    """One of the buttons: pause-1, pause-3, pause-6, resume, stop, news."""

    choice = forms.ChoiceField(choices=[(choice, choice) for choice in (*PAUSES, RESUME, STOP, NEWS)])
