"""Every table of Careline: what migrations are written from. A module with a ``models.py`` has its line here."""

from careline.infra.database import models as database
from careline.infra.database.types import Base
from careline.infra.jobs import models as jobs
from careline.modules.care.cases import models as cases
from careline.modules.care.letterbox import models as letterbox
from careline.modules.contact.conversations import models as conversations
from careline.modules.contact.flows import models as flows
from careline.modules.contact.supervision import models as supervision
from careline.modules.contact.telephony import models as telephony
from careline.modules.contact.widget import models as widget
from careline.modules.core.hours import models as hours
from careline.modules.core.routing import models as routing
from careline.modules.directory.customers import models as customers
from careline.modules.directory.identity import models as identity
from careline.modules.directory.people import models as people
from careline.modules.directory.privacy import models as privacy
from careline.modules.insight.analytics import models as analytics
from careline.modules.outreach.surveys import models as surveys

MODELS = (
    database,
    jobs,
    conversations,
    flows,
    supervision,
    telephony,
    widget,
    analytics,
    surveys,
    cases,
    letterbox,
    routing,
    hours,
    people,
    customers,
    privacy,
    identity,
)

METADATA = Base.metadata
