"""What is said of each reason, in English: these are the keys of the catalogues, and `msgids` lists them all.

Plain words, no blame. Braces hold what is measured, in the language's own numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from photogate.screening.reasons import ReasonCode


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence that depends on a number, in the two forms of English."""

    one: str
    many: str


Sentence = str | Counted


@dataclass(frozen=True, slots=True)
class Words:
    """A message: what is wrong, in a few words and in a sentence, and what to do.

    `measured` stands in the place of `text` where value and limit are known.
    """

    title: str
    text: str
    action: str
    measured: Sentence | None = None


_PLACEHOLDER = Words(
    "This is not a photo of a person",
    "The picture does not seem to show a real person: perhaps it is a drawing, a symbol or an empty picture.",
    "Send a photo of yourself that was taken with a camera or a phone.",
)

WORDS: Mapping[ReasonCode, Words] = MappingProxyType(
    {
        ReasonCode.FILE_UNREADABLE: Words(
            "The file cannot be opened",
            "The file is damaged, or it is not a photo.",
            "Take a new photo, or save this one again as a JPEG file, and send the file as it is.",
        ),
        ReasonCode.FACE_NOT_FOUND: Words(
            "No face was found",
            "The photo must show your face from the front.",
            "Look straight into the camera, in good light and with nothing in front of your face.",
        ),
        ReasonCode.MULTIPLE_FACES: Words(
            "There is more than one face",
            "Nobody else may be in the photo, in the background or in a picture on the wall either.",
            "Take the photo alone, in front of an empty wall.",
            measured=Counted(
                "{value} face was found; the photo must show exactly one.",
                "{value} faces were found; the photo must show exactly one.",
            ),
        ),
        ReasonCode.HEAD_SIZE: Words(
            "The face is too small",
            "The face takes too little of the photo to be recognised on a card.",
            "Move closer to the camera, until your head and shoulders fill the photo.",
            measured="The face takes {value} of the photo's height; at least {limit} is needed.",
        ),
        ReasonCode.BACKGROUND_NOT_UNIFORM: Words(
            "The background is not plain",
            "Behind you there must be one light colour, without objects, patterns or shadows.",
            "Stand in front of a plain, light wall, half a metre away from it.",
        ),
        ReasonCode.NOT_SHARP: Words(
            "The photo is not sharp",
            "Your face is blurred, so that its details cannot be seen.",
            "Clean the lens, find more light, and hold the camera still until the photo is taken.",
        ),
        ReasonCode.EYES_CLOSED: Words(
            "The eyes are closed",
            "Both eyes must be open and easy to see.",
            "Take another photo with your eyes open. If you wear glasses, make sure that they do not reflect light.",
        ),
        ReasonCode.FACE_OCCLUDED: Words(
            "Part of the face is covered",
            "Your whole face must be visible, from the chin to the forehead and from one side to the other.",
            "Take off sunglasses or a mask, and keep hair and hands away from your face. "
            "A head covering that you wear for your religion may stay on if it leaves your face free.",
        ),
        ReasonCode.PLACEHOLDER_IMAGE: _PLACEHOLDER,
        ReasonCode.KNOWN_PLACEHOLDER: _PLACEHOLDER,
        ReasonCode.AI_GENERATED_SUSPECTED: Words(
            "This does not seem to be a photo from a camera",
            "The picture must be a real photo of you. It must not be made by a computer.",
            "Take a new photo with a camera and send the file as it is.",
        ),
        ReasonCode.DIGITALLY_EDITED: Words(
            "The photo seems to be edited",
            "Filters, retouching and backgrounds that were put in later are not allowed.",
            "Switch filters off, take a new photo, and send the file as it is.",
        ),
        ReasonCode.RESUBMISSION_LIMIT: Words(
            "No more photos can be sent",
            "All the photos that this application may have were sent.",
            "Ask the office where you applied what you can do now.",
            measured=Counted(
                "This application may have {limit} photo, and it was sent.",
                "This application may have {limit} photos, and all of them were sent.",
            ),
        ),
    }
)

LAST_PHOTO = Words(
    "This was the last photo",
    "All the photos that this application may have were sent.",
    "You do not have to do anything now: a person looks at your last photo.",
    measured=WORDS[ReasonCode.RESUBMISSION_LIMIT].measured,
)
"""At the limit, for as long as nobody has decided."""

UNSAID = Words(
    "The photo cannot be used",
    "It does not meet the rules for photos on cards.",
    "Take a new photo of your face, from the front and in good light, and send the file as it is.",
)
"""For a refusal of which no reason may be told, and for a reason that has no words of its own."""

PHOTOS_LEFT = Counted("You can send {value} more photo", "You can send {value} more photos")
LAST_ONE = "Please check it well before you send it."
MORE_THAN_ONE = "If none of them can be used, a person decides."

FOUND, WANTED, PHOTO = "This face was found", "Your face should be about here, this large", "Your photo"
"""What the annotated picture says of its frames, and of itself."""


def msgids() -> Iterator[Sentence]:
    """Every sentence that a catalogue must have."""
    for words in (*WORDS.values(), LAST_PHOTO, UNSAID):
        said = (getattr(words, field.name) for field in fields(words))
        yield from (sentence for sentence in said if sentence is not None)
    yield from (PHOTOS_LEFT, LAST_ONE, MORE_THAN_ONE, FOUND, WANTED, PHOTO)
