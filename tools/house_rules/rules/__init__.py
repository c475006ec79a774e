"""Owns the rules themselves, a file for each concern, and promises that ``RULES`` names every one of them."""

from tools.house_rules.rule import Rule
from tools.house_rules.rules.awaits import WriteTransactionAwaits
from tools.house_rules.rules.clock import OneClock
from tools.house_rules.rules.endpoints import EndpointPermission
from tools.house_rules.rules.imports import HiddenImport, LibraryPlace
from tools.house_rules.rules.leftovers import MachinePath, PrintInProduct, SwallowedError, Unfinished
from tools.house_rules.rules.names import BannedName
from tools.house_rules.rules.packages import ModuleTests, PackageParagraph
from tools.house_rules.rules.records import FrozenRecords, PersonalValuesInEvents
from tools.house_rules.rules.sizes import FileSize, FunctionSize
from tools.house_rules.rules.sql import DatabaseAccess, OwnTables, RawSql
from tools.house_rules.rules.tenants import TenantFilter
from tools.house_rules.rules.ui import BarrelFile, FeatureDirection, TextInCode

RULES: tuple[Rule, ...] = (
    TenantFilter(),
    DatabaseAccess(),
    RawSql(),
    OwnTables(),
    WriteTransactionAwaits(),
    EndpointPermission(),
    HiddenImport(),
    LibraryPlace(),
    OneClock(),
    FrozenRecords(),
    PersonalValuesInEvents(),
    PackageParagraph(),
    ModuleTests(),
    FileSize(),
    FunctionSize(),
    BannedName(),
    PrintInProduct(),
    SwallowedError(),
    Unfinished(),
    MachinePath(),
    TextInCode(),
    FeatureDirection(),
    BarrelFile(),
)
