"""Layout objects and the helper that every form of ours is drawn by."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, LayoutObject, Row
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Section(Fieldset):
    """A group of questions under a legend, with an optional sentence beneath it."""

    def __init__(self, legend: str, *fields: str | LayoutObject, hint: str = "", **kwargs: Any) -> None:
        super().__init__(legend, *fields, **kwargs)
        self.hint = hint

    def render(
        self, form: BaseForm, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the group; unlike crispy's own, the legend is text and never compiled as a template."""
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        template = self.get_template_name(template_pack)
        return render_to_string(template, {"fieldset": self, "legend": self.legend, "fields": fields})


class SideBySide(Row):
    """Short fields on one line where there is room, beneath each other on a phone."""


def form_helper(*fields: str | LayoutObject, mark_optional: bool = True) -> FormHelper:
    """Return a helper for a form whose `<form>`, CSRF token, heading and buttons belong to the page.

    Without `fields` every field is drawn in its own order. `mark_optional` writes "(frivilligt)" beside
    optional fields; filters and searches, where nothing is required, switch it off.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.mark_optional = mark_optional
    if fields:
        helper.layout = Layout(*fields)
    helper.render_hidden_fields = True
    return helper
