"""Links between public pages that keep where the person came from."""

from django import template
from django.template import Context

from referrals.origins import PARAMETER, origin_of

register = template.Library()


@register.simple_tag(takes_context=True)
def origin_query(context: Context) -> str:
    """Return such as "?fra=k7mf3" for the end of an address, "" where no poster led here."""
    request = context.get("request")
    code = origin_of(request) if request is not None else ""
    return f"?{PARAMETER}={code}" if code else ""
