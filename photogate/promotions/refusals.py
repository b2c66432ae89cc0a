"""Why a promotion is refused, each with one sentence."""

from photogate.errors import Conflict, Forbidden, Unprocessable


class OwnProposal(Forbidden):
    """Whoever proposed a change is not the one who approves it."""

    code, title = "OWN_PROPOSAL", "Somebody else approves"


class ProfileRefused(Unprocessable):
    """The profile contradicts itself, or a limit lies out of range."""

    code, title = "PROFILE_REFUSED", "The profile cannot be used"


class BoundUnsupported(Conflict):
    """The profile bounds a risk for which the classifier gives no guarantee."""

    code, title = "BOUND_UNSUPPORTED", "The model does not promise what the profile bounds"


class ModelChanged(Conflict):
    """A version of a model that is on record is another one now; whoever changes a model raises its version."""

    code, title = "MODEL_CHANGED", "This version of the model is on record with other content"


class ProposalStale(Conflict):
    """What is in force changed after the proposal was made, so nobody has seen what approving it would change."""

    code, title = "PROPOSAL_STALE", "The rules have changed since"


class ProposalSettled(Conflict):
    """The proposal was approved or withdrawn before."""

    code, title = "PROPOSAL_SETTLED", "The proposal is settled"


class NothingChanges(Conflict):
    """What is proposed is in force already."""

    code, title = "NOTHING_CHANGES", "These rules are in force already"
