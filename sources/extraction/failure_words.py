"""What failure pages say, in English, Spanish, French and German: pure.

``TITLES`` match one part of a title as a whole; ``LINES`` match the beginning of a paragraph. Both
are searched in text as :func:`sources.labels.folded` returns it.
"""

from __future__ import annotations

import re

from sources.causes import Cause

_SORRY = (
    r"(?:(?:oops|sorry|uh[- ]oh|hoppla|ups|lo sentimos|d[eé]sol[eé]e?s?|entschuldigung)[,.!: ]+)?"
)
_CODE = r"(?:http )?(?:(?:error|erreur|fehler)(?: code)? ?)?(?:n[°o]\.? ?)?"
_PAGE = (
    r"(?:page|url|resource|file|link|address|document|p[aá]gina|recurso|ressource|adresse|seite|"
    r"datei)"
)
_VISITOR = r"(?:you are|you're|es|eres|usted es|vous êtes|sie)"


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


TITLES: dict[Cause, re.Pattern[str]] = {
    Cause.BLOCKED_PAGE: _words(
        rf"{_CODE}(?:403|429)(?:[ :.-]*(?:error|forbidden|access denied|too many requests))?",
        r"forbidden",
        r"too many requests",
        r"just a moment\W*",
        r"attention required\W*",
        r"access (?:to this (?:page|site) )?(?:has been |is )?(?:denied|blocked|restricted)\W*",
        r"(?:sorry, )?you have been blocked",
        r"request (?:blocked|unsuccessful|rejected)",
        r"blocked",
        r"are you (?:a )?(?:human|robot)\?*",
        r"pardon our interruption\W*",
        r"one more step\W*",
        r"captcha",
        r"(?:security|bot|human|robot|browser) (?:check|verification|challenge)\W*",
        r"ddos-guard",
        rf"verify(?:ing)? (?:that )?{_VISITOR} (?:a )?human\W*",
        r"checking your browser.*",
        r"un momento\W*",
        r"acceso (?:denegado|bloqueado|restringido)",
        r"verificaci[oó]n de seguridad",
        r"un instant\W*",
        r"acc[eè]s (?:refus[eé]|interdit|bloqu[eé])",
        r"v[eé]rification de s[eé]curit[eé]",
        r"(?:nur )?einen moment\W*",
        r"(?:zugriff|zugang) (?:verweigert|gesperrt)",
        r"sicherheits(?:(?:über)?prüfung|abfrage)",
    ),
    Cause.LOGIN_PAGE: _words(
        r"(?:please )?(?:member |customer |user |client )?(?:log ?-?in|sign ?-?in)(?: or "
        r"(?:sign ?up|register|create an account))?(?: (?:to|with) .{1,40})?",
        r"authentication required",
        r"single sign-on",
        r"(?:login|session) required",
        r"session expired",
        r"(?:iniciar|inicia|inicie|inicio de) sesi[oó]n(?: (?:en|con) .{1,40})?",
        r"identif[ií]quese",
        r"acceso (?:de |para )?(?:usuarios|clientes|socios)",
        r"(?:se connecter|connectez-vous|connexion|identifiez-vous|identification)(?: [àa] "
        r".{1,40})?",
        r"(?:anmelden|anmeldung|einloggen|jetzt anmelden)(?: (?:bei|mit) .{1,40})?",
    ),
    Cause.ERROR_PAGE: _words(
        rf"{_CODE}[45]\d\d(?: error)?(?:[ :.|-]*(?:error|gone|bad request|unauthori[sz]ed|"
        rf"{_SORRY}{_PAGE} (?:not found|no encontrada|introuvable|nicht gefunden)|not found|"
        r"bad gateway|(?:http )?internal server error|server error|service (?:temporarily "
        r")?unavailable|gateway time-?out|no encontrad[ao]|introuvable|nicht gefunden))?\W*",
        rf"{_SORRY}(?:(?:the |this )?{_PAGE} (?:was |could )?not (?:be )?found|not found)\W*",
        r"error",
        r"server error",
        r"internal server error",
        r"bad gateway",
        r"gateway time-?out",
        r"bad request",
        r"(?:service|site|website|page) (?:is )?(?:temporarily |currently )?unavailable",
        r"(?:(?:site|website|page) )?(?:is )?(?:under|down for|scheduled) maintenance",
        r"maintenance(?: mode)?",
        r"something went wrong\W*",
        r"an error (?:has )?occurred\W*",
        rf"{_SORRY}{_PAGE} no (?:encontrada|disponible|existe)\W*",
        r"error (?:interno )?del servidor",
        r"servicio no disponible",
        r"(?:sitio )?en mantenimiento",
        rf"{_SORRY}{_PAGE} (?:introuvable|non trouv[eé]e|inexistante)\W*",
        r"erreur (?:interne )?du serveur",
        r"service indisponible",
        r"(?:site )?en maintenance",
        r"maintenance en cours",
        rf"{_SORRY}(?:die )?{_PAGE} (?:wurde )?nicht gefunden\W*",
        r"interner (?:server-?fehler|fehler)",
        r"dienst nicht verfügbar",
        r"wartungsarbeiten",
        r"wartungsmodus",
        r"wartung",
    ),
}

LINES: dict[Cause, re.Pattern[str]] = {
    Cause.BLOCKED_PAGE: _words(
        r"(?:please )?enable (?:js|javascript|cookies) and (?:javascript|cookies|disable)",
        r"(?:we are |please wait while we are )?checking (?:if the site connection|your "
        r"browser)",
        r"\S{1,80} (?:needs to review|is checking|uses? a security service)",
        r"access denied",
        rf"(?:please )?(?:verify|verifying|confirm|prove)(?: that)? {_VISITOR} (?:a |not a "
        r")?(?:human|robot|bot)",
        r"(?:you are|you're) (?:unable to access|not (?:authori[sz]ed|allowed|permitted) to "
        r"access)",
        r"you (?:don't|do not) have permission to access",
        r"(?:sorry, )?you have been blocked",
        r"your (?:ip(?: address)?|access|request|connection)(?: to .{1,60})? (?:has been|was|"
        r"is) (?:temporarily )?(?:blocked|denied|flagged|rejected)",
        r"why have i been blocked",
        r"press (?:and|&) hold",
        r"(?:please )?complete the (?:captcha|security check)",
        r"(?:cloudflare )?ray id",
        r"(?:our systems have|we have|we've) detected unusual (?:traffic|activity)",
        r"i(?:'m| am) not a robot",
        r"(?:incapsula )?incident id",
        r"request unsuccessful",
        r"reference (?:id|#)",
        r"to discuss automated access",
        r"this (?:web)?site is (?:using|protected by) a security service",
        r"before we continue\W",
        r"(?:por favor,? )?(?:verifi|confirm)(?:ca|que|car|cando|e|a)r? que (?:no "
        rf")?{_VISITOR} (?:un )?(?:robot|(?:ser )?human[oa])",
        r"(?:habilit[ea]|activ[ea]) javascript y (?:las )?cookies",
        r"(?:usted )?ha sido bloquead[oa]",
        r"no (?:tiene|tienes) permiso para acceder",
        r"(?:por favor,? )?complet[ea] el captcha",
        r"hemos detectado (?:un )?(?:tráfico|actividad)",
        r"acceso denegado",
        r"(?:veuillez )?activ(?:ez|er) (?:le )?javascript et (?:les )?cookies",
        r"vous avez été bloqué",
        rf"(?:veuillez )?(?:vérifi|confirm)(?:ez|er|ons|ation) que {_VISITOR} (?:bien )?(?:un "
        r")?(?:humain|être humain)",
        r"vous n'(?:êtes pas|avez pas) (?:autoris|la permission|l'autorisation)",
        r"nous avons détecté (?:un trafic|une activité)",
        r"accès refusé",
        r"(?:bitte )?aktivieren sie javascript und cookies",
        r"sie wurden (?:gesperrt|blockiert)",
        r"(?:bitte )?(?:bestätigen|überprüfen|beweisen) sie,? dass sie (?:ein mensch|kein "
        r"roboter)",
        r"sie (?:haben keine berechtigung|sind nicht berechtigt)",
        r"zugriff verweigert",
        r"wir haben ungewöhnliche(?:n datenverkehr| aktivität)",
    ),
    Cause.LOGIN_PAGE: _words(
        r"(?:please |you (?:must|need to|have to) )?(?:be )?(?:log(?:ged)?|sign(?:ed)?) "
        r"?-?in(?: or .{1,40})? (?:to|in order to|with|below|using)\b",
        r"(?:please )?(?:log|sign) in\W*\Z",
        r"forgot(?:ten)? (?:your |my )?(?:password|username)",
        r"(?:don't|do not) have an account",
        r"no account yet",
        r"enter your (?:e-?mail|password|user ?name)",
        r"(?:continue|sign in|log in) with (?:google|apple|facebook|microsoft|sso|github|"
        r"linkedin)",
        r"(?:your )?session (?:has )?(?:expired|timed out)",
        r"authentication (?:is )?required",
        r"(?:por favor,? )?(?:inici[ae]|debes? iniciar|necesita iniciar) sesión",
        r"¿?(?:olvidaste|olvidó|has olvidado|ha olvidado) (?:tu|su|la) contraseña",
        r"¿?(?:aún )?no tienes? (?:una )?cuenta",
        r"(?:su|tu) sesión ha (?:caducado|expirado)",
        r"(?:veuillez )?(?:vous )?connecte[rz](?:-vous)? (?:pour|à|avec)",
        r"mot de passe oublié",
        r"vous devez (?:être connecté|vous (?:connecter|identifier))",
        r"pas encore de compte",
        r"votre session a expiré",
        r"(?:bitte )?(?:melden sie sich|loggen sie sich|melde dich|logge dich)",
        r"passwort vergessen",
        r"sie müssen (?:sich anmelden|sich einloggen|angemeldet sein)",
        r"noch kein(?:en)? (?:konto|account)",
        r"ihre (?:sitzung|session) ist abgelaufen",
    ),
    Cause.ERROR_PAGE: _words(
        rf"{_SORRY}(?:but )?(?:we )?(?:can't|cannot|couldn't|could not|are unable to|were "
        rf"unable to) (?:seem to )?(?:find|locate) (?:the|that|this|a) {_PAGE}",
        rf"{_SORRY}(?:but )?(?:the|this|that) (?:requested )?{_PAGE} (?:(?:that )?you(?:'re| "
        r"are| were| have|'ve)? (?:requested|looking|trying|entered|followed)|(?:was|could|"
        r"can)(?:n't| not)|cannot|can't|(?:does|do)(?:n't| not) exist|(?:is|are) (?:no longer|"
        r"not) available)",
        rf"{_SORRY}(?:page|file) not found",
        r"not found\W*\Z",
        r"404\b",
        r"error [45]\d\d\b",
        r"no results? found\W*\Z",
        rf"{_SORRY}something went wrong",
        rf"{_SORRY}an (?:unexpected |internal )?error (?:has )?occurred",
        r"the server (?:encountered|is temporarily|returned)",
        r"(?:the )?service (?:is )?(?:temporarily )?unavailable",
        r"internal server error",
        r"bad gateway",
        r"there has been a critical error",
        r"(?:this|our|the) (?:web)?site is (?:currently |temporarily )?(?:down|unavailable|"
        r"offline|under)",
        r"we(?:'re| are) (?:currently )?(?:down for|performing|undergoing|under|carrying out) "
        r".{0,20}maintenance",
        r"we(?:'ll| will) be (?:right )?back",
        r"(?:briefly unavailable for )?scheduled maintenance",
        r"(?:please |you need to )?enable javascript",
        r"(?:this|our) (?:web)?(?:site|page|app) requires javascript",
        rf"{_SORRY}no (?:hemos podido|podemos|pudimos) encontrar",
        rf"{_SORRY}(?:la|esta) {_PAGE} (?:que (?:busca|has solicitado|solicitó)|no (?:existe|"
        r"está disponible|se encuentra|se ha encontrado))",
        r"(?:se ha producido|ha ocurrido) un error",
        r"(?:el|este) sitio está en mantenimiento",
        r"(?:estamos realizando|estamos en) .{0,30}mantenimiento",
        r"volveremos (?:pronto|en breve)",
        rf"{_SORRY}(?:la|cette) {_PAGE} (?:que vous|demandée|n'existe|n'est (?:pas|plus)|est "
        r"introuvable)",
        r"une erreur (?:est survenue|s'est produite)",
        r"(?:le|notre|ce) site est (?:actuellement |temporairement )?(?:en maintenance|"
        r"indisponible)",
        r"nous serons (?:bientôt )?de retour",
        rf"{_SORRY}(?:die|diese) (?:angeforderte |gesuchte |gewünschte )?{_PAGE}(?: mit "
        r".{1,60})? (?:konnte nicht|wurde nicht|existiert nicht|ist nicht|kann nicht)",
        r"(?:es ist )?ein (?:unerwarteter )?fehler (?:ist )?aufgetreten",
        r"(?:diese|unsere) (?:web)?seite wird (?:gerade |derzeit )?gewartet",
        r"(?:wegen|aufgrund von) wartungsarbeiten",
        r"wir sind (?:gleich|bald) (?:wieder|zurück)",
    ),
}
