"""Every table of Careline: what migrations are written from. A module with a ``models.py`` has its line here."""

from careline.infra.database import models as database
from careline.infra.database.types import Base
from careline.modules.contact.telephony import models as telephony
from careline.modules.core.routing import models as routing

MODELS = (
    database,
    telephony,
    routing,
)

METADATA = Base.metadata
