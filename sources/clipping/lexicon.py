"""Words by which texts speak of actions, and of what companies answer."""

from __future__ import annotations

import re
from typing import NamedTuple


class Cue(NamedTuple):
    """Words that speak for a kind, and how much."""

    kind: str
    weight: int
    pattern: re.Pattern[str]


def _cue(kind: str, weight: int, pattern: str) -> Cue:
    return Cue(kind, weight, re.compile(rf"\b(?:{pattern})(?![\w])"))


_STAFF = r"(?:employees?|workers?|staff(?:ers)?|engineers?|researchers at|moderators?)"
_LETTER = r"(?:open |joint |coalition |public )?letters?"

ACTION_CUES: tuple[Cue, ...] = (
    _cue("open_letter", 4, r"(?:open|joint|coalition|public) letters?|co-?signed (?:a|the) letter"),
    _cue("open_letter", 3, r"(?:a|the|in|this|our|their) letters?|letters? (?:to|urging|asking)"),
    _cue("open_letter", 3, r"(?:wrote|written|writes|write) to|we,? the undersigned"),
    _cue(
        "open_letter",
        2,
        r"call(?:s|ed|ing)? on|urg(?:e|es|ed|ing)|demand(?:s|ed|ing)?|"
        r"ask(?:s|ed|ing)?(?: \S+){1,5} to",
    ),
    _cue("employee_letter", 6, rf"{_STAFF}(?: \S+){{0,12}} {_LETTER}|employee letters?"),
    _cue("employee_letter", 6, rf"{_LETTER},?(?: \S+){{0,8}} {_STAFF}"),
    _cue("employee_letter", 3, rf"{_STAFF}(?: \S+){{0,5}} (?:ask|urge|call on|demand|petition)"),
    _cue("employee_letter", 5, r"we,?(?: the)?(?: undersigned)?,? (?:are )?(?:employees|workers)"),
    _cue("petition", 6, r"petition(?:s|ed|ing|ers)?"),
    _cue("petition", 4, r"signatures|sign-?on campaign"),
    _cue(
        "report",
        5,
        r"(?:released?|releases|releasing|published?|publishes|issued|issues|launched|in)"
        r"(?: (?!by|against)[\w'-]+){0,4} (?:report|study|investigation|scorecard|white paper|"
        r"analysis|audit|survey)s?",
    ),
    _cue("report", 4, r"(?:new|a|the|this|its|our) (?:[\w'-]+ ){0,2}(?:report|study|scorecard)s?"),
    _cue("commentary", 4, r"op-?ed|opinion piece|commentary|editorial|guest essay|column"),
    _cue("protest", 5, r"protest(?:s|ed|ing|ers|ors)?|demonstrat(?:ed|ion|ions|ors|ing)"),
    _cue("protest", 5, r"rall(?:y|ies|ied|ying)|picket(?:s|ed|ing)?|sit-?ins?|vigils?|die-in"),
    _cue("protest", 4, r"march(?:ed|ers|ing) (?:on|to|through|in|outside)|blockad(?:e|ed|ing)"),
    _cue("strike", 6, r"(?:on |a |went on |hunger )?strik(?:e|es|ing|ers)|walk-?outs?|stoppages?"),
    _cue("strike", 6, r"walk(?:ed|ing|s)? (?:out|off)|downed tools|went on strike|struck work"),
    _cue("lawsuit", 6, r"lawsuits?|class[- ]actions?|sue[ds]?|suing|plaintiffs?"),
    _cue("lawsuit", 6, r"fil(?:ed|es|ing) (?:a |an |the )?(?:[\w-]+ )?(?:suit|complaint|claim)s?"),
    _cue("lawsuit", 4, r"legal (?:action|challenge|complaint)s?|took .{1,40} to court"),
    _cue("shareholder_proposal", 8, r"(?:share|stock)holder (?:[\w-]+ )?(?:proposal|resolution)s?"),
    _cue("shareholder_proposal", 6, r"proxy (?:vote|statement|proposal|season)s?"),
    _cue(
        "shareholder_proposal",
        7,
        r"(?:investors?|(?:share|stock)holders?)(?: \S+){0,10} (?:filed|proposal|resolution)s?",
    ),
    _cue("testimony", 6, r"testif(?:y|ied|ies|ying)|testimony"),
    _cue("boycott", 7, r"boycott(?:s|ed|ing|ers)?"),
    _cue("meeting", 4, r"met (?:with|privately)|meetings? with|sat down with|held talks"),
)
"""Of what organizations do, searched for in lower case."""

RESPONSE_CUES: tuple[Cue, ...] = (
    _cue(
        "no_comment",
        5,
        r"(?:declined|declines|refused) (?:to|requests for) comment|no comment|"
        r"(?:did|does|has|had)(?: not|n't) (?:immediately |yet )?"
        r"(?:respond|repl|answer|return|comment)(?:y|ed|s|ied)?(?: \S+){0,6}",
    ),
    _cue("denial", 6, r"den(?:y|ied|ies|ying)|rejected (?:the|these|those) (?:claim|allegation)s?"),
    _cue("denial", 5, r"(?:is|are|was|were) (?:simply |entirely |categorically )?"
                      r"(?:false|untrue|inaccurate|baseless|misleading|without merit)|not true"),
    _cue("refusal", 6, r"(?:refus(?:ed|es|ing|al)|declin(?:ed|es|ing)) to (?!comment)\w+"),
    _cue("refusal", 6, r"(?:will not|won't|would not|wouldn't|has no plans? to|have no plans? to|"
                       r"had no plans? to|no intention of|will continue to|would continue to) \w+"),
    _cue("refusal", 6, r"reject(?:ed|s|ing) (?:the|its|their|a|these|those|all|any|calls?)"
                       r"(?: \S+){0,3} ?(?:demand|call|request|proposal|appeal)?s?"),
    _cue("defence", 6, r"defend(?:s|ed|ing)|in (?:its|our) defen[cs]e|st(?:ands?|ood) by"),
    _cue("defence", 5, r"benefits outweigh|committed to the responsible|justif(?:y|ied|ies)"),
    _cue("promise", 6, r"(?:promis|pledg)(?:e|es|ed|ing)|vow(?:s|ed)?|"
                       r"commit(?:s|ted)? to(?! the resp)"),
    _cue("promise", 5, r"agree(?:s|d) to|will (?:stop|end|halt|cease|phase out|review|publish|"
                       r"disclose|raise|pay|allow|remove|introduce)"),
    _cue("statement", 4, r"(?:in|issued|released) (?:a|an emailed|a written) statement"),
    _cue("statement", 3, r"spokes(?:person|man|woman|people)|respond(?:ed|s|ing)"),
    _cue("statement", 4, r"repl(?:ied|ies|y)"),
    _cue("statement", 3, r"told (?:reporters|the|us)|blog post|announced?|in response to"),
)  # fmt: skip
"""Of what companies answer, searched for in lower case, where a company speaks."""

SPEAKERS = re.compile(
    r"\b(?:the (?:company|firm|bank|retailer|carmaker|chain|manufacturer|group)|"
    r"(?:the )?(?:tech|social media|retail|oil|fashion|food) (?:giant|company)|"
    r"spokes(?:person|man|woman|people)|(?:a|the) statement|(?:chief )?executives?|ceo)\b"
)
"""Words for a company that speaks, or for whoever speaks for it."""

OWN_VOICE = re.compile(r"\b(?:we|we're|we've|we'll|our|us)\b")
"""How a company speaks of itself where it publishes."""
