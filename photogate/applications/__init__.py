"""An applicant's case: submitting, resubmitting, asking how it stands, and what was decided about it."""
