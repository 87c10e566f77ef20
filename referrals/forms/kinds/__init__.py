"""What differs between the forms people arrive by: sections, words, what must be filled in.

The fields themselves stand once, in fields.py; a kind names those it asks for.
"""

from referrals.forms.kinds.citizen import SELF
from referrals.forms.kinds.desk import REGISTRATION
from referrals.forms.kinds.professionals import PROFESSIONAL_KINDS
from referrals.forms.kinds.shown import shown_form
from referrals.forms.kinds.spec import FormKind, SectionSpec, Wording

BY_PATH = {spec.path: spec for spec in PROFESSIONAL_KINDS}
BY_KIND = {spec.kind: spec for spec in (*PROFESSIONAL_KINDS, SELF)}
BY_SLUG = {spec.slug: spec for spec in BY_KIND.values()}

__all__ = [
    "BY_KIND",
    "BY_PATH",
    "BY_SLUG",
    "PROFESSIONAL_KINDS",
    "REGISTRATION",
    "SELF",
    "FormKind",
    "SectionSpec",
    "Wording",
    "shown_form",
]
