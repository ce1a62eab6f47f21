"""A small policy and a small portfolio that tests share."""

import msgspec
import numpy as np

from portfolio.screening.rules.policy import Curve, Group, Policy, PolicyCriterion, Profile, decode

KNOWN = {"ready_share", "year_wan", "tax", "land"}
SECTORS = ["transport", "industry", "industry", None]
FACTS = {
    "ready_share": np.array([1.0, 0.5, 0.5, np.nan]),
    "year_wan": np.array([100.0, 200.0, 50.0, 400.0]),
    "tax": np.array([np.nan, 30.0, 60.0, 90.0]),
    "land": np.array([10.0, 2.0, 0.0, 3.0]),
}
STEPS = Curve("steps", ((0, 25), (100, 50), (300, 100)))
CODES = ["P1", "P2", "P3", "P4"]


def policy(**changes: object) -> Policy:
    """Maturity 60, money 40, a bonus of 5; roads are not asked for tax."""
    held: dict[str, object] = {
        "code": "small",
        "version": 1,
        "name_zh": "小",
        "name_en": "Small",
        "groups": (Group("ripe", "熟", "Ripe"), Group("money", "钱", "Money"), Group("extra", "加", "Extra", 5.0)),
        "criteria": (
            PolicyCriterion("ready", "ripe", "备", "Ready", "ready_share", Curve("linear", ((0, 0), (1, 100)))),
            PolicyCriterion("size", "money", "额", "Size", "year_wan", STEPS),
            PolicyCriterion(
                "yield", "money", "税", "Yield", "tax / land", Curve("linear", ((0, 10), (20, 100))), floor=10.0
            ),
            PolicyCriterion("rich", "extra", "富", "Rich", "tax > 50", Curve("steps", ((0, 0), (1, 100)))),
        ),
        "profiles": (
            Profile(
                "roads",
                "路",
                "Roads",
                ("transport",),
                {"ripe": 60, "money": 40},
                {"ready": 100, "size": 100, "rich": 100},
            ),
            Profile(
                "works",
                "厂",
                "Works",
                ("industry",),
                {"ripe": 50, "money": 50},
                {"ready": 100, "size": 50, "yield": 50, "rich": 100},
            ),
        ),
    }
    return msgspec.structs.replace(decode(msgspec.to_builtins(held)), **changes)
