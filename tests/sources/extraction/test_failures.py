"""Pages with status 200 that are none, and pages about such pages."""

import pytest

from sources.causes import Cause
from sources.extraction import Page, Unreadable, read_page
from sources.extraction.failures import cause_of_failure_page
from sources.extraction.rules import PageRules
from sources.extraction.signals import Signal

PASSWORD = "<form><label>E-mail</label><input name=u><input type=Password name=p></form>"
PROSE = (
    "The company told reporters on Tuesday that it had changed how visitors prove who they are, "
    "after advocates for blind people had complained about it for three years. "
)


def judged(title: str, *paragraphs: str, markup: str = "") -> Cause | None:
    """Read a page, and judge it; a page without any text is judged by reading it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f"<title>{title}</title><body>{markup}{text}</body>"
    try:
        return cause_of_failure_page(read_page(html.encode(), "text/html; charset=utf-8"))
    except Unreadable as error:
        return error.cause


@pytest.mark.parametrize(
    ("title", "paragraphs", "markup"),
    [
        ("Log in", ["Please log in to continue."], ""),
        ("Sign in | Acme", ["Sign in", "Forgot your password?"], PASSWORD),
        ("Acme: Sign in to your account", ["Welcome to Acme."], PASSWORD),
        ("Acme", ["Sign in to continue", "Don't have an account? Join now"], PASSWORD),
        ("Acme", ["You must be logged in to view this page."], ""),
        ("Acme", [], PASSWORD),
        ("Iniciar sesión - Acme", ["¿Olvidaste tu contraseña?"], PASSWORD),
        ("Acme", ["Debes iniciar sesión para ver esta página."], ""),
        ("Connexion", ["Mot de passe oublié ?", "Pas encore de compte ?"], PASSWORD),
        ("Acme", ["Veuillez vous connecter pour continuer."], ""),
        ("Anmelden | Acme", ["Passwort vergessen?"], PASSWORD),
        ("Acme", ["Bitte melden Sie sich an.", "Noch kein Konto?"], ""),
    ],
)
def test_a_login_page_is_one(title: str, paragraphs: list[str], markup: str) -> None:
    assert judged(title, *paragraphs, markup=markup) == Cause.LOGIN_PAGE


CLOUDFLARE = (
    "<script>window._cf_chl_opt={cvId:'3'};</script><noscript><div>Enable JavaScript and cookies "
    "to continue</div></noscript>"
)
SECURITY = (
    "This website is using a security service to protect itself from online attacks. The action "
    "you just performed triggered the security solution."
)
LOST = (
    "Sorry, we can't find the page you are looking for. It may have been moved, or the address may "
    "have been mistyped; it is also possible that it never was."
)
DATADOME = "<script src='https://ct.captcha-delivery.com/c.js'></script>"


@pytest.mark.parametrize(
    ("title", "paragraphs", "markup"),
    [
        ("Just a moment...", [], CLOUDFLARE),
        ("Just a moment...", ["acme.example needs to review the security of your connection."], ""),
        (
            "Attention Required! | Cloudflare",
            [
                "Sorry, you have been blocked",
                SECURITY,
                "Cloudflare Ray ID: 8c1",
            ],
            "",
        ),
        (
            "Access Denied",
            [
                'You don\'t have permission to access "http://acme.example/" on this server.',
                "Reference #18.2d351ab8.1557333295.a4e16ab",
            ],
            "",
        ),
        (
            "Access to this page has been denied",
            ["Press & Hold to confirm you are a human (and not a bot)."],
            "<div id='px-captcha'></div>",
        ),
        ("acme.example", ["Please enable JS and disable any ad blocker"], DATADOME),
        ("Pardon Our Interruption", ["As you were browsing something made us think."], ""),
        ("Acme", ["Request unsuccessful. Incapsula incident ID: 443000270"], ""),
        ("Acme", ["Our systems have detected unusual traffic from your network."], ""),
        ("Security check", ["One moment."], "<div class='h-captcha'></div>"),
        ("403 Forbidden", ["nginx"], ""),
        ("Un momento…", ["Verificar que usted es un ser humano."], ""),
        ("Acceso denegado", ["No tiene permiso para acceder a esta página."], ""),
        ("Un instant…", ["Vérifiez que vous êtes humain."], ""),
        ("Accès refusé", ["Vous avez été bloqué."], ""),
        ("Nur einen Moment…", ["Bestätigen Sie, dass Sie ein Mensch sind."], ""),
        ("Zugriff verweigert", ["Sie haben keine Berechtigung für diese Seite."], ""),
    ],
)
def test_a_blocking_page_is_one(title: str, paragraphs: list[str], markup: str) -> None:
    assert judged(title, *paragraphs, markup=markup) == Cause.BLOCKED_PAGE


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [
        ("404 Not Found", ["The page is gone."]),
        ("Error 500", ["Sorry."]),
        ("Page not found | Acme", ["Sorry."]),
        ("503 Service temporarily unavailable", ["All sales have been suspended."]),
        (
            "Page not found | Acme",
            [
                "Page not found",
                LOST,
                "Go to our home page",
            ],
        ),
        ("Acme", ["Oops! That page can't be found."]),
        ("Acme", ["Something went wrong", "Try again later."]),
        ("Acme", ["We are currently undergoing scheduled maintenance.", "Back soon!"]),
        ("Acme", ["Please enable JavaScript to use this site."]),
        ("Página no encontrada", ["La página que busca no existe."]),
        ("Acme", ["Lo sentimos, la página que busca no existe."]),
        ("Acme", ["El sitio está en mantenimiento."]),
        ("Page introuvable", ["Désolé, la page que vous cherchez n'existe plus."]),
        ("Acme", ["Une erreur est survenue."]),
        ("Seite nicht gefunden", ["Die angeforderte Seite konnte nicht gefunden werden."]),
        ("Acme", ["Wegen Wartungsarbeiten nicht erreichbar."]),
    ],
)
def test_an_error_page_is_one(title: str, paragraphs: list[str]) -> None:
    assert judged(title, *paragraphs) == Cause.ERROR_PAGE


@pytest.mark.parametrize(
    ("title", "paragraphs", "markup"),
    [
        ("404 Media", ["Amazon pauses sales."], ""),
        ("500 companies pledge", ["They stop."], ""),
        ("Login.gov statement", ["The service drops face recognition."], PASSWORD),
        ("Access denied", [PROSE], ""),
        ("Access denied: a report on lock-outs", ["We publish it today."], ""),
        ("Captcha", [PROSE, "The captcha is gone."], "<div class='g-recaptcha'></div>"),
        ("Why captchas fail blind people", ["Please complete the captcha, it says.", PROSE], ""),
        ("Sign in sheets of the protest", ["Sign in to the meeting was slow.", PROSE], ""),
        ("Acme ends passwords", ["Forgot your password? So did we.", PROSE], PASSWORD),
        ("Error 404: how a campaign vanished", [PROSE, "Page not found, it said."], ""),
        ("Not found", [PROSE, PROSE], ""),
        ("Maintenance", ["Acme maintains its pledge.", PROSE], ""),
        ("Acme", ["We stop selling to the police."], PASSWORD),
        ("Contact us", ["Write to press@acme.example."], "<div class='h-captcha'></div>"),
        ("Bill 403", ["In committee"], ""),
        ("Anmeldung zur Konferenz", ["Am 3. Mai in Bonn."], ""),
        ("Cómo iniciar sesión sin contraseña", [PROSE], ""),
        ("Accès refusé : le rapport", ["Nous le publions."], ""),
        ("Access Denied", [PROSE * 20, "You have been blocked."], DATADOME),
    ],
)
def test_a_page_about_failures_or_with_a_form_is_none(
    title: str, paragraphs: list[str], markup: str
) -> None:
    assert judged(title, *paragraphs, markup=markup) is None


def test_a_page_carries_the_traits_of_its_markup() -> None:
    html = f"<p>Text</p>{PASSWORD}{DATADOME}<div class='h-captcha'></div>"
    signals = read_page(html.encode(), "text/html").signals
    assert signals == (Signal.PASSWORD, Signal.CAPTCHA, Signal.CHALLENGE)
    assert read_page(b"<p>Text</p>", "text/html").signals == ()


@pytest.mark.parametrize("title", ["", "Acme"])
def test_a_page_that_says_what_it_should_is_none(title: str) -> None:
    assert cause_of_failure_page(Page(title=title, text="Acme pauses its sales.")) is None


def test_a_login_page_without_the_part_to_read_is_a_login_page() -> None:
    html = f"<title>Log in</title><p>Please log in to continue.</p>{PASSWORD}"
    with pytest.raises(Unreadable) as caught:
        read_page(html.encode(), "text/html", PageRules(include=("#status",)))
    assert caught.value.cause == Cause.LOGIN_PAGE
    assert caught.value.detail == "Log in"
