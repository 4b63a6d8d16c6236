"""What the founding story is known from: the title and publisher of each cited document."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """A document, as a reader would name it."""

    title: str
    publisher: str


ARTICLE = Source(
    "Amazon pauses sale of facial biometrics to police while advocates push Microsoft and Ring to "
    "follow",
    "Biometric Update",
)
LETTER = Source("ACLU tells AWS: Stop selling facial recognition tools to the government", "ZDNet")
REFUSAL = Source(
    "Some quick thoughts on the public discussion regarding facial recognition and Amazon "
    "Rekognition this past week",
    "Amazon Web Services",
)
POLICY_BLOG = Source(
    "We are implementing a one-year moratorium on police use of Rekognition", "Amazon"
)
EXTENSION = Source(
    "EXCLUSIVE-Amazon extends moratorium on police use of facial recognition software",
    "Reuters, on Nasdaq",
)
IBM_LETTER = Source("IBM CEO's Letter to Congress on Racial Justice Reform", "IBM")
GOOGLE = Source(
    "Google Cloud pauses facial recognition offering to work out responsible use challenges",
    "Biometric Update",
)
ACLU_STATEMENT = Source("ACLU Statement on Amazon Face Recognition Moratorium", "ACLU")
MICROSOFT_PLEDGE = Source(
    "Transcript: The Path Forward: Technology & Society", "Washington Post Live"
)
BILL_STALLED = Source(
    "Controversial facial recognition regulation bill stalled in Appropriations Committee",
    "California Globe",
)
EMPLOYEE_LETTER = Source(
    "250 Microsoft Employees Call on CEO To Cancel Police Contracts and Support Defunding "
    "Seattle PD",
    "Slashdot, quoting OneZero",
)
EFF_CALL = Source("Tell Amazon Ring to End Its Dangerous Police Partnerships", "EFF")
RING_DENIAL = Source(
    "Ring denies considering adding object, license plate and facial recognition to home "
    "security system",
    "Biometric Update",
)
REQUESTS_END = Source(
    "Ring will no longer allow police to request doorbell camera footage from users",
    "Associated Press, in the Chicago Sun-Times",
)
REQUESTS_RETURN = Source("Your Ring Camera Could Soon Be Used by Police Again", "BET")
COMMUNITY_REQUESTS = Source("Community Request", "Ring Support")
FLOCK = Source(
    "Ring and Flock call off integration as scrutiny of camera-to-police partnership intensifies",
    "Biometric Update",
)
ALL = {source for source in globals().values() if isinstance(source, Source)}

URGING = "We urge Microsoft and other companies to join IBM, Google, and Amazon"
EXEMPTIONS = [
    "Thorn",
    "International Center for Missing and Exploited Children",
    "Marinus Analytics",
]
POLICE, CONTRACTS, RING = (
    "stop-selling-face-recognition-to-police",
    "cancel-microsofts-police-contracts",
    "end-rings-police-partnerships",
)
"""The three campaigns."""
