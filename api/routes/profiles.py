"""What the columns of offices' own tables mean: of one import, and as named profiles."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.door.context import By, Reading, Writing
from api.door.shapes import answer, page
from api.schemas.answers.listed import Listed
from api.schemas.profiles import ImportProfileDropped, ImportProfileIn, ImportProfileOut, ImportTableOut
from api.schemas.values import Number
from portfolio.exchange.shapes.profile import read_profile
from portfolio.exchange.uploads import profiles
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads.service import set_mapping

router = APIRouter(tags=["imports"])
Name = Annotated[str, Path(max_length=80)]


@router.get("/imports/{number}/tables", response_model=Listed[ImportTableOut], operation_id="import_tables")
def tables(number: Number, session: Reading, actor: By) -> Response:
    """The tables of an import in an office's own form: what each column was taken for, why, and its first values."""
    imports_queries.get(session, number, actor)
    found = imports_queries.preview_of(session, number)["tables"]
    return page(found, None, len(found))


@router.put("/imports/{number}/mapping", response_model=Listed[ImportTableOut], operation_id="map_import")
def mapped(number: Number, body: ImportProfileIn, session: Writing, actor: By) -> Response:
    """Say what the columns of an import mean; check it anew to see what then goes in."""
    set_mapping(session, actor, number, read_profile(body.as_content()))
    found = imports_queries.preview_of(session, number)["tables"]
    return page(found, None, len(found))


@router.get("/import-profiles", response_model=Listed[ImportProfileOut], operation_id="list_import_profiles")
def listed(session: Reading, actor: By) -> Response:
    """Every profile, those of one's own office first."""
    found = profiles.list_profiles(session, actor)
    return page(found, None, len(found))


@router.get("/import-profiles/{name}", response_model=ImportProfileOut, operation_id="get_import_profile")
def shown(name: Name, session: Reading, actor: By) -> Response:
    """One profile, as another library takes it in."""
    return answer(profiles.get_profile(session, actor, name))


@router.put("/import-profiles/{name}", response_model=ImportProfileOut, operation_id="save_import_profile")
def saved(name: Name, body: ImportProfileIn, session: Writing, actor: By) -> Response:
    """Keep a profile under a name, in the place of the one of that name."""
    return answer(profiles.save_profile(session, actor, name, read_profile(body.as_content())))


@router.delete("/import-profiles/{name}", response_model=ImportProfileDropped, operation_id="drop_import_profile")
def dropped(name: Name, session: Writing, actor: By) -> Response:
    """Forget a profile; what was imported by it stays."""
    profiles.drop_profile(session, actor, name)
    return answer({"dropped": name})
