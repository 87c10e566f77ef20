"""What the crispy template pack `dkfds` needs beyond Django's filters: which part draws a field, and how."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.formats import number_format
from django.utils.safestring import SafeString

register = template.Library()

# Widths by kind, in the classes of DKFDS: a field is as wide as the answer it expects.
_WIDTHS_BY_TYPE = {
    "tel": "input-width-s",
    "number": "input-width-xs",
    "date": "input-width-xs",
    "time": "input-width-xs",
    "email": "input-width-l",
    "url": "input-width-l",
    "password": "input-width-m",
}
_SHORT, _MIDDLE = 12, 40  # characters; longer answers get the full width


@register.filter
def layout_template(field: BoundField) -> str:
    """Return the part of the pack that draws `field`."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "dkfds/layout/choices.html"
    if isinstance(widget, forms.CheckboxInput):
        return "dkfds/layout/checkbox.html"
    if field.use_fieldset:
        return "dkfds/layout/group.html"
    if isinstance(widget, forms.Textarea):
        return "dkfds/layout/textarea.html"
    return "dkfds/layout/input.html"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Return the field's input with DKFDS's classes and the hint, error and limit it is described by."""
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": _classes(field.field)}
    if character_limit(field):
        # Without maxlength nothing is cut off in silence: the count warns, the server says what to do.
        attrs["maxlength"] = False
        if not widget.attrs.get("aria-describedby"):
            attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_limit".strip()
    return field.as_widget(attrs=attrs)


@register.filter
def character_limit(field: BoundField) -> int:
    """Return the number of characters a text area takes, 0 when it has no limit."""
    return _limit(field.field) if isinstance(field.field.widget, forms.Textarea) else 0


@register.filter
def thousands(number: int) -> str:
    """Return a whole number as the page's language writes it: 10.000 in Danish, 10,000 in English."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def attributes(attrs: dict[str, Any]) -> SafeString:
    """Return HTML attributes with a leading space; True stands alone, False and None are left out."""
    return flatatt(attrs)


@register.simple_tag
def error_list(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return each fault of a bound form in the order of its fields: `text`, and `target`, the id to go to."""
    faults = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for name in form.fields:
        if name in form.errors:
            bound = form[name]
            target = "" if bound.is_hidden else _first_control(bound)
            faults += [{"text": str(text), "target": target} for text in form.errors[name]]
    return faults


def _first_control(bound: BoundField) -> str:
    """Return the id of the input that answers the question: of a group, its first."""
    if bound.use_fieldset and bound.subwidgets:
        return str(bound.subwidgets[0].id_for_label or bound.auto_id)
    return str(bound.id_for_label or bound.auto_id)


def _limit(field: forms.Field) -> int:
    return int(getattr(field, "max_length", None) or field.widget.attrs.get("maxlength") or 0)


def _classes(field: forms.Field) -> str:
    widget = field.widget
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.CheckboxInput):
        return f"form-checkbox {own}".strip()
    base = "form-select" if isinstance(widget, forms.Select) else "form-input"
    if "input-" not in own:
        base += f" {_width(field)}"
    return f"{base} {own}".strip()


def _width(field: forms.Field) -> str:
    widget = field.widget
    if isinstance(widget, forms.Textarea):
        return "input-width-full"
    if isinstance(widget, forms.Select):
        return "input-width-l"
    kind = "date" if isinstance(widget, forms.DateInput) else getattr(widget, "input_type", "text")
    if kind == "text" and widget.attrs.get("inputmode") == "numeric":
        kind = "number"
    if kind in _WIDTHS_BY_TYPE:
        return _WIDTHS_BY_TYPE[kind]
    limit = _limit(field)
    if not limit or limit > _MIDDLE:
        return "input-width-l"
    return "input-width-xs" if limit <= _SHORT else "input-width-m"
