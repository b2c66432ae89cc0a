"""Services broken on purpose: lives that found nothing then would prove nothing."""

from hashlib import sha256

from sqlalchemy import func, select

from photogate.applications import decisions
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import sequencing
from photogate.database import new_id
from photogate.jobs import service as jobs
from photogate.mandates import service as mandates
from photogate.privacy import erasure
from photogate.promotions import queries as promoted
from photogate.promotions import service as promotions
from photogate.promotions.tables import Settlement, Slot
from photogate.quality import golden
from photogate.quality.tables import GoldenCase
from photogate.releases import service as releases
from photogate.reviews import service as reviews
from photogate.reviews import verdicts
from photogate.screening.decision import Decision


def unchecked(session, application, _sha256):
    """A print gate that takes the newest decision, whatever it says."""
    newest = select(DecisionRecord).where(DecisionRecord.application_id == application.id)
    decision = session.scalars(newest.order_by(DecisionRecord.id.desc()).limit(1)).one_or_none()
    if decision is None:
        raise releases.NotApproved("Nothing was decided.")
    return decision, session.get_one(Photo, decision.photo_id)


def decided_as_if_real(session, task, given):
    """A verdict on a golden case that is taken for one on the photo itself."""
    ground = session.get_one(DecisionRecord, task.decision_id)
    grounds = decisions.Grounds(ground.photo_id, ground.assessment_id, ground.models)
    made = Decision(given.said.verdict, (), ground.policy)
    decisions.append(session, task.application_id, made, grounds, user_id=given.by.id)
    task.closed_at = func.now()


def any_golden(*_):
    """The newest golden photo that can be shown, whoever knows it."""
    return select(GoldenCase).join(Photo).where(Photo.crop_key.is_not(None)).order_by(GoldenCase.id.desc()).limit(1)


def by_somebody(_person, because):
    """A person's word, in another name each time."""
    return promotions.Word(f"user:{new_id()}", because)


def rolled_back_alone(session, person, number, because, propose=promotions.roll_back):
    """A roll back that takes effect at once, as if somebody else had agreed."""
    wanted = propose(session, person, number, because)
    proposal = {"promotion_id": wanted.id, "slot": wanted.slot, "after": wanted.after, "because": because}
    somebody = {"proposed_by": wanted.proposed_by, "settled_by": f"user:{new_id()}"}
    session.add(Settlement(**proposal, **somebody, number=wanted.after + 1))
    return wanted


def shadow_first(session, slot=Slot.LIVE, in_force=promoted.in_force):
    """Rules that decide although they were approved to judge beside."""
    return in_force(session, Slot.SHADOW) or in_force(session, slot)


def under_any_rules(*given, under=None, finish=jobs.finish, **more):
    """A worker's verdict that counts whatever was promoted meanwhile."""
    return finish(*given, **more)


FAULTS = {
    "a release is made without a check": (releases, "_approved", unchecked),
    "a release outlives its decision": (releases, "withdraw_superseded", lambda *_: None),
    "a suspended model's approval is printed": (releases, "may_not_approve", lambda *_: False),
    "nobody is asked": (reviews, "open_task", lambda *_, **__: None),
    "a reviewer is their own second person": (verdicts, "require_another", lambda *_: None),
    "an erasure leaves the cases open": (erasure, "_close", lambda *_: None),
    "a legal hold does not hold": (erasure, "require_no_hold", lambda _: None),
    "the log has other events than happened": (sequencing, "leaf_hash", lambda leaf: sha256(b"?" + leaf).digest()),
    "a golden case is decided like a real one": (reviews, "_answer", decided_as_if_real),
    "a golden case is shown to who knows it": (golden, "_unseen", any_golden),
    "an author approves under another name": (promotions.Word, "of", by_somebody),
    "a roll back needs nobody else": (promotions, "roll_back", rolled_back_alone),
    "a shadow decides": (promoted, "in_force", shadow_first),
    "rules of the past decide": (jobs, "finish", under_any_rules),
    "rules go live without a mandate": (mandates, "begin", lambda *_: None),
}
"""Where each stands: a module, the name of what is replaced there, and what replaces it."""
