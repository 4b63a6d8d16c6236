"""The addresses of the public pages."""

from django.urls import URLPattern, path, re_path

from website import views

app_name = "website"


def _feeds(changes: str, outcomes: str, prefix: str = "", noun: str = "") -> list[URLPattern]:
    """The feeds and the calendar of everything, or of one thing: ``campaign-changes-atom``."""
    told = {"noun": noun} if noun else {}
    return [
        *(
            path(
                f"{changes}.{form}",
                views.changes_feed,
                {"form": form, **told},
                name=f"{prefix}changes-{form}",
            )
            for form in ("atom", "json")
        ),
        path(f"{outcomes}.ics", views.outcomes_calendar, told, name=f"{prefix}outcomes-ics"),
    ]


def _feeds_of(noun: str, place: str) -> list[URLPattern]:
    below = f"{place}/<slug:slug>/"
    return _feeds(f"{below}changes", f"{below}outcomes", f"{noun}-", noun)


urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns/<slug:slug>/", views.campaign, name="campaign"),
    path("companies/<slug:slug>/", views.company, name="company"),
    path("organizations/<slug:slug>/", views.organization, name="organization"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    *_feeds("feeds/changes", "calendar/outcomes"),
    *_feeds_of("campaign", "campaigns"),
    *_feeds_of("company", "companies"),
    *_feeds_of("organization", "organizations"),
    *_feeds_of("topic", "topics"),
    path("changes/<int:pk>/", views.change, name="change"),
    path("corrections/", views.corrections, name="corrections"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe-sent"),
    path("subscribe/confirm/<str:token>/", views.confirm_subscription, name="subscribe-confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("manage/<str:token>/", views.manage, name="manage"),
    path("manage/<str:token>/sent/", views.sent, name="manage-sent"),
    path("manage/<str:token>/export/", views.export, name="manage-export"),
    path("manage/<str:token>/erase/", views.erase, name="manage-erase"),
    re_path(r"^evidence/(?P<sha256>[0-9a-f]{64})/$", views.evidence, name="evidence"),
    re_path(
        r"^evidence/(?P<sha256>[0-9a-f]{64})/view/$", views.evidence_view, name="evidence-view"
    ),
    re_path(
        r"^evidence/(?P<sha256>[0-9a-f]{64})/warc/$", views.evidence_warc, name="evidence-warc"
    ),
    path("data/", views.data, name="data"),
    path("data/<str:name>", views.data_file, name="data-file"),
    path("about/", views.about, name="about"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
]
