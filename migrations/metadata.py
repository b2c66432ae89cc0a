"""Every table of the house, as the code knows it."""

import photogate.access.tables
import photogate.applicants.tables
import photogate.applications.tables
import photogate.audit.tables
import photogate.fairness.tables
import photogate.mandates.tables
import photogate.outbox.tables
import photogate.pictures.tables
import photogate.promotions.tables
import photogate.quality.tables
import photogate.releases.tables
import photogate.reviews.tables
import photogate.searches.tables
import photogate.simulation.tables  # noqa: F401  # each import adds its tables to the metadata
from photogate.database import Base

metadata = Base.metadata
