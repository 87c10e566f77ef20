"""Ready texts for partners' newsletters, intranets and screens, with a link that tells what they bring."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.phones import format_phone
from courses.models import Cohort
from outreach.models import Channel, TrackedLink
from outreach.posters.words import FOR_CITIZENS
from recruitment.ready_texts import Facts, ready_texts
from recruitment.views.links import address_of, public_address


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def ready_text_list(request: StaffRequest) -> HttpResponse:
    """Show the ready texts, with the newest link of the chosen channel in them."""
    channels = list(Channel.objects.in_use().by_arena())
    chosen = next((one for one in channels if str(one.pk) == request.GET.get("kanal")), None)
    links = TrackedLink.objects.filter(channel=chosen, retired_at=None).order_by("-created_at", "-pk")
    own = links.filter(target__in=FOR_CITIZENS).first() if chosen else None
    refer = links.exclude(target__in=FOR_CITIZENS).first() if chosen else None
    programme = request.programme
    upcoming = Cohort.objects.upcoming(timezone.localdate()).with_seats_taken()
    following = next((cohort for cohort in upcoming if cohort.seats_taken < cohort.capacity), None)
    facts = Facts(
        name=programme.name,
        municipality=programme.municipality,
        next_start=following.starts_on if following else None,
        seats_left=following.capacity - following.seats_taken if following else 0,
        contact_name=programme.contact_name,
        phone=format_phone(programme.contact_phone),
        phone_hours=programme.phone_hours,
        address=address_of(own) if own else public_address(programme, "about"),
        refer_address=address_of(refer) if refer else public_address(programme, "refer"),
    )
    context = {
        "channels": channels,
        "chosen": chosen,
        "links": [link for link in (own, refer) if link],
        "texts": ready_texts(facts),
    }
    return render(request, "recruitment/ready_text_list.html", context)
