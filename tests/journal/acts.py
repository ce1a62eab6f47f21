"""Acts of the rooms above the library: entry and review, screening, scenarios, imports, accounts and signing in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyotp
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.exchange.uploads import applying
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.people import account, openid, sign_in
from portfolio.people import service as people
from portfolio.people.identity import Identity, of_cookie
from portfolio.projects.service import update_project
from portfolio.projects.states import Said
from portfolio.reporting import batches, rounds
from portfolio.reporting.entry import Entered, save_entry
from portfolio.reporting.service import act
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.solving.jobs import ask
from portfolio.scenarios.solving.work import work
from portfolio.screening.criteria import save_criteria
from portfolio.screening.policies import save_policy
from portfolio.screening.rules.books import built_in
from portfolio.screening.service import Act, answer_gate, keep_scores
from tests.allocation import test_scenarios as scenarios
from tests.allocation.conftest import EDITION, FIRST, LEAF, make, solved
from tests.ledger.conftest import LAND
from tests.reporting.people import CITY, LEAD, LEADER_UNIT, NANNING, OFFICE

Acts = list[tuple[str, Callable[[], object]]]
ME = (LOCAL_OWNER, EVERYTHING)
PASSWORD, CHANGED, RESET = "correct horse battery", "green table lamp 9", "seven quiet rivers 4"
ADDRESS = "203.0.113.9"
NAME = "南宁示例码头"
FACTS = {"name_zh": NAME, "kind": "berth", "nature": "new", "stage": "planning", "region_codes": (NANNING,)}
PROFILE: dict[str, Any] = {
    "address": "南宁市",
    "bases": {"plan": {"words": "规划", "doc_no": "1号"}},
    "scales": [{"name": "泊位", "quantity": "2", "unit": "个"}],
    "contacts": [{"role": "responsible", "name": "张示例", "phone": "13800001234"}],
}


def entry_and_review(session: Session) -> Acts:
    """An office enters a record, it is accepted, changed and sent again in a batch."""
    made: list[str] = []

    def enter() -> None:
        entered = Entered({**FACTS, "lead_unit": LEAD}, PROFILE, [NeedEdit("fund.own", 2027, 5)])
        made.append(str(save_entry(session, OFFICE, scope_of(OFFICE), None, entered).project["code"]))

    def step(actor: Actor, action: str) -> object:
        return act(session, actor, scope_of(actor), made[0], action, Said("有理由"), asked="planning")

    def change() -> None:
        given = {"name_en": "Pier"}, {"address": "横州市"}, [NeedEdit("fund.own", 2027, 6)]
        save_entry(session, OFFICE, scope_of(OFFICE), made[0], Entered(*given))

    sent = batches.BatchData("reserve", "南发改〔2026〕8号", "报送储备项目", made)
    data = rounds.RoundData("Q1", "一季度", "2026-01-01", "2026-03-31")
    return [
        ("enter", enter),
        ("submit", lambda: step(OFFICE, "submit")),
        ("city accepts", lambda: step(CITY, "accept")),
        ("lead unit accepts", lambda: step(LEADER_UNIT, "accept")),
        ("change", change),
        ("batch", lambda: batches.submit_batch(session, OFFICE, scope_of(OFFICE), sent)),
        ("lock", lambda: act(session, *ME, FIRST, "lock", Said("核对"))),
        ("reporting round", lambda: rounds.open_round(session, LOCAL_OWNER, data)),
        ("round closed", lambda: rounds.change_round(session, LOCAL_OWNER, data, closed=True)),
    ]


def screening(session: Session) -> Acts:
    """What persons say about gates and criteria, and what is kept of scores."""
    mine = msgspec.structs.replace(built_in()["default"], code="mine")
    justified = Act("justify", "李明", words="正在组建项目公司")
    return [
        ("criteria", lambda: save_criteria(session, *ME, FIRST, {"panel": 60})),
        ("gate", lambda: answer_gate(session, *ME, FIRST, "owner", justified)),
        ("policy", lambda: save_policy(session, LOCAL_OWNER, mine)),
        ("scores", lambda: keep_scores(session, *ME, "mine")),
    ]


def planning(session: Session) -> Acts:
    """A scenario made, changed, solved, explained and approved."""

    def prepare() -> None:
        needs = [NeedEdit(LEAF, 2019, 60)]
        facts = {"stage": "under_construction", "start_month": "2019-03", "finish_month": "2020-12"}
        update_project(session, *ME, FIRST, {**facts, "region_codes": ("450700",)})
        save_needs(session, *ME, FIRST, needs)
        roll_edition(session, *ME, NewEdition(EDITION, 2019, years=3, later_years=True))

    def explain() -> None:
        ask(session, LOCAL_OWNER, "S1", "project", FIRST)
        session.commit()
        assert work(session.get_bind().engine, 1, idle=0.01) == 1
        session.expire_all()

    return [
        ("prepare", prepare),
        ("make", lambda: make(session)),
        ("copy", lambda: service.copy_scenario(session, LOCAL_OWNER, "S1", "S2")),
        ("name", lambda: service.change_scenario(session, LOCAL_OWNER, "S2", name="乙")),
        ("limit", lambda: pools.set_limit(session, LOCAL_OWNER, "S2", LAND, 130)),
        ("pin", lambda: pins.pin_project(session, *ME, "S2", FIRST, False, "改期")),
        ("drop scenario", lambda: service.drop_scenario(session, LOCAL_OWNER, "S2")),
        ("solve", lambda: solved(session)),
        ("explain", explain),
        ("approve scenario", lambda: scenarios.approve(session)),
    ]


def importing(session: Session, folder: Path) -> Acts:
    """A workbook taken in, confirmed and undone, each in transactions of its own."""
    engine, path, numbers = session.get_bind().engine, folder / "taken-in.csv", list[int]()
    path.write_text(f"project,item,year,required\n{FIRST},fund.own,2031,3\n", encoding="utf-8")

    def take_in() -> None:
        numbers.append(applying.take_in(engine, *ME, [(path, path.name)], "needs"))
        applying.ended(engine, numbers[0])

    def carry_on(work: Callable[..., None]) -> str:
        work(engine, *ME, numbers[0])
        return applying.ended(engine, numbers[0])

    return [
        ("take in", take_in),
        ("confirm", lambda: carry_on(applying.confirm)),
        ("undo", lambda: carry_on(applying.undo)),
    ]


class Person:
    """Somebody with an account; every secret that is theirs or was typed stands in `secrets`."""

    def __init__(self, session: Session) -> None:
        self.session, self.secrets = session, {PASSWORD, CHANGED, RESET}
        self.opened: sign_in.Opened | None = None

    @property
    def actor(self) -> Actor:
        """The account as it acts."""
        user = people.get_user(self.session, "li.si")
        return Actor(user.name, user.role, user_id=user.id, address=ADDRESS)

    def add(self, name: str = "li.si", password: str | None = PASSWORD) -> None:
        """The account is made."""
        data = people.NewUser(name, "planner", "李四", password=password, must_change=False)
        people.add_user(self.session, LOCAL_OWNER, data)

    def enter(self, password: str = PASSWORD) -> None:
        """Sign in by password."""
        sign_in.claim(self.session, "li.si", ADDRESS)
        self._holds(sign_in.by_password(self.session, "li.si", password, ADDRESS, "browser"))

    def _holds(self, opened: sign_in.Opened) -> None:
        self.opened = opened
        self.secrets |= {opened.secret, opened.csrf}

    def identity(self) -> Identity:
        """Who the last session is."""
        assert self.opened is not None
        found = of_cookie(self.session, self.opened.secret)
        assert found is not None
        return found

    def second_on(self) -> None:
        """Turn the second factor on by a code of the pending secret."""
        secret = str(people.get_user(self.session, "li.si").totp_secret)
        self.codes = account.confirm_enrolment(self.session, self.actor, pyotp.TOTP(secret).now())
        self.secrets |= {secret, *self.codes}

    def recover(self) -> None:
        """Get past the second factor by a recovery code."""
        self._holds(sign_in.second_factor(self.session, self.identity(), self.codes[0]))

    def token(self) -> None:
        """Make a token."""
        self.number, secret = account.make_token(self.session, self.actor, account.NewToken("nightly"))
        self.secrets.add(secret)

    def by_provider(self) -> None:
        """Sign in at the provider for the first time."""
        self.add("by.provider", None)
        self._holds(openid.open_for(self.session, openid.Told("subject-1", "by.provider"), ADDRESS, ""))


def accounts(session: Session, li: Person) -> Acts:
    """What happens to an account from its making to its end, and everything its owner does with it."""
    name = {"full_name": "李思"}
    return [
        ("add", li.add),
        ("change person", lambda: people.change_user(session, LOCAL_OWNER, "li.si", name)),
        ("sign in", li.enter),
        ("stranger", lambda: sign_in.not_by_password(session, "a password", ADDRESS)),
        ("password", lambda: account.change_password(session, li.actor, PASSWORD, CHANGED)),
        ("second begun", lambda: account.begin_enrolment(session, li.actor)),
        ("second on", li.second_on),
        ("sign in again", lambda: li.enter(CHANGED)),
        ("recover", li.recover),
        ("sign out", lambda: sign_in.sign_out(session, li.identity())),
        ("token", li.token),
        ("revoke", lambda: account.revoke_token(session, li.actor, li.number)),
        ("codes", lambda: li.secrets.update(account.renew_codes(session, li.actor, CHANGED))),
        ("second off", lambda: account.turn_second_off(session, li.actor, CHANGED)),
        ("one more session", lambda: li.enter(CHANGED)),
        ("everywhere", lambda: account.sign_out_everywhere(session, li.actor)),
        ("reset", lambda: people.reset_password(session, LOCAL_OWNER, "li.si", RESET)),
        ("second off for", lambda: people.reset_second_factor(session, LOCAL_OWNER, "li.si")),
        ("one more token", li.token),
        ("revoke all", lambda: people.revoke_tokens(session, LOCAL_OWNER, "li.si")),
        ("provider", li.by_provider),
    ]
