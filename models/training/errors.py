"""What ends a training run that should not go on."""


class TrainingError(Exception):
    """Something that whoever started the run can put right; the message is one sentence."""
