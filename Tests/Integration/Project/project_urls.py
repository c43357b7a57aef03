"""Pages, a form, large uploads and downloads, and single server-sent events."""

import asyncio
import hashlib

from django.contrib import admin
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from waiting import wait_for

_PIECE = b"0123456789abcdef" * 4096
_FORM = "<form method=post>{% csrf_token %}<input name=word></form>"


def page(request):
    return HttpResponse(f"{request.scheme}://{request.get_host()}{request.get_full_path()}")


def form(request):
    if request.method == "POST":
        return HttpResponse(f"You said {request.POST['word']}")
    return HttpResponse(engines["django"].from_string(_FORM).render({}, request))


@csrf_exempt
def upload(request):
    digest, count = hashlib.sha256(), 0
    while piece := request.read(1 << 16):
        digest.update(piece)
        count += len(piece)
    return HttpResponse(f"{count} {digest.hexdigest()}")


def download(request):
    count = int(request.GET["bytes"])
    pieces = (_PIECE for _ in range(count // len(_PIECE)))
    return StreamingHttpResponse(pieces, content_type="application/octet-stream")


def events(request):
    def make():
        for number in range(5):
            yield f"data: {number}\n\n"
            wait_for(f"seen-{number}")

    async def make_later():
        for number in range(5):
            yield f"data: {number}\n\n"
            await asyncio.to_thread(wait_for, f"seen-{number}")

    is_async = hasattr(request, "scope")
    return StreamingHttpResponse(
        make_later() if is_async else make(), content_type="text/event-stream"
    )


# Browsers request an icon on their own.
icon = RedirectView.as_view(url=static("admin/img/icon-yes.svg"))
urlpatterns = [
    path("admin/", admin.site.urls),
    path("favicon.ico", icon),
    path("page/", page),
    path("form/", form),
    path("upload/", upload),
    path("download/", download),
    path("events/", events),
]
