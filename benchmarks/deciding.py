"""Photos submitted and decided in the database as API and workers do it, without the pictures and the models."""

import hashlib
import os
import time
from datetime import timedelta

from photogate.access.keys import Client
from photogate.access.tables import Scope
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applications import service
from photogate.applications.photo_file import PhotoFile
from photogate.applications.profiles import load_profile
from photogate.applications.service import Intake, KeptOriginal
from photogate.applications.tables import Photo, Stage
from photogate.database import Database, new_id
from photogate.jobs import service as jobs
from photogate.screening.decision import decide
from photogate.screening.likeness import NOWHERE
from photogate.screening.measurements import BoundingBox, Face, Measurements

CLIENT = Client("benchmark", frozenset(Scope))
PROFILE = load_profile("default")
LEASE = timedelta(minutes=1)
PORTRAIT = Measurements(
    width=600,
    height=800,
    faces=(Face(BoundingBox(150, 200, 300, 400), score=0.9),),
    p_real=0.999,
    p_ai_generated=0.1,
    strangeness=0.3,
    seen=NOWHERE,
    models={"student@1.0.0": "ab" * 32},
)


class Desk:
    """Takes one photo after another in, each of another applicant, and decides it."""

    def __init__(self, database: Database, kms: Kms) -> None:
        """Begin with nothing taken in."""
        self._database = database
        self._kms = kms

    def decide_one(self) -> float:
        """Submit a photo and decide it; returns the seconds that claiming and deciding took."""
        photo = self._submit()
        started = time.perf_counter()
        with self._database.transaction() as session:
            job = jobs.claim(session, photo.id, Stage.PREPARE, lease=LEASE, max_attempts=3)
        if job is None:
            raise LookupError("A photo that was just submitted is free to claim.")
        with self._database.transaction() as session:
            jobs.finish(session, job, PORTRAIT, decide(PORTRAIT, PROFILE), crop_key="crop", review_key="review")
        return time.perf_counter() - started

    def _submit(self) -> Photo:
        content = os.urandom(64)
        file = PhotoFile(content, "image/jpeg", 600, 800)
        kept = KeptOriginal(f"benchmark/{hashlib.sha256(content).hexdigest()}", DataKey.new())
        with self._database.transaction() as session:
            intake = Intake(CLIENT, file, kept, self._kms)
            return service.submit(session, intake, f"B-{new_id()}", application_id=new_id()).photo
