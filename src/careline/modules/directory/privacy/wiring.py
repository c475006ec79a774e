"""Puts requests about one's own data together."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.infra.storage.store import FileStore
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy import tasks
from careline.modules.directory.privacy.endpoints import build_router
from careline.modules.directory.privacy.facade import Privacy
from careline.modules.directory.privacy.ports import Contacts, Custodian, Subjects
from careline.modules.directory.privacy.services.copies import Copies, Keeping
from careline.modules.directory.privacy.services.custodians import Custodians
from careline.modules.directory.privacy.services.erasing import Erasing
from careline.modules.directory.privacy.services.exporting import Exporting
from careline.modules.directory.privacy.services.listing import ErasureList
from careline.modules.directory.privacy.services.reapplying import Reapplying
from careline.modules.directory.privacy.services.requests import Requests
from careline.modules.directory.privacy.services.watching import Watching


class PrivacyModule(msgspec.Struct, frozen=True):
    """What bootstrap needs. ``keeping`` is for customers; ``know`` is to be called once all modules are there."""

    facade: Privacy
    router: Callable[[], APIRouter]
    keeping: Keeping
    know: Callable[..., None]


def store_in(files: Path, keys: Path) -> FileStore:
    """Copies in a folder of this machine, sealed under a key in another one."""
    return FolderStore(files, StoreKey(keys / "files.key"))


def build(database: Database, jobs: Jobs, identity: Identity, store: FileStore, list_file: Path) -> PrivacyModule:
    """Make it. ``list_file`` is the list of erasures, outside the database and its backups."""
    custodians = Custodians()
    listing = ErasureList(list_file)
    requests = Requests(database, identity, jobs, custodians)
    erasing = Erasing(database, identity, jobs, custodians, listing)
    facade = Privacy(
        requests,
        Exporting(database, identity, store, custodians),
        erasing,
        Reapplying(database, identity, erasing, listing),
        Watching(database, identity, jobs),
        custodians,
    )
    tasks.register(jobs, facade, identity)

    def know(subjects: Subjects, contacts: Contacts, *others: Custodian) -> None:
        """Who keeps personal data, from the bottom up."""
        custodians.subjects, custodians.contacts = subjects, contacts
        for one in (Copies(database, store), *others):
            custodians.add(one)

    return PrivacyModule(facade=facade, router=partial(build_router, facade), keeping=Keeping(), know=know)
