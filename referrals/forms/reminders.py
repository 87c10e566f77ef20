"""What a referrer chooses on their own page, with one button."""

from django import forms

from referrals.services import PAUSE_MONTHS

RESUME, STOP, NEWS, LEAVING = "resume", "stop", "news", "leaving"
PAUSES = {f"pause-{months}": months for months in PAUSE_MONTHS}


class OwnChoiceForm(forms.Form):
    """One of the buttons: pause-1, pause-3, pause-6, resume, stop, news; leaving, for who goes elsewhere."""

    choice = forms.ChoiceField(
        choices=[(choice, choice) for choice in (*PAUSES, RESUME, STOP, NEWS, LEAVING)]
    )
