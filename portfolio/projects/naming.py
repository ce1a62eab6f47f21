"""What people call a project, and a line of it, where a batch is refused: by name, code, item and year."""

from portfolio.core.errors import About
from portfolio.vocabulary.tree import Node


def about(code: str, name_zh: str, name_en: str, node: Node | None = None, year: int | None = None) -> About:
    """A project by its name and code; with `node` and `year` the line of that item and year."""
    zh, en = [f"{name_zh} {code}"], [f"{name_en or name_zh} {code}"]
    if node is not None:
        zh.append(node.name("zh") if year is None else f"{node.name('zh')} {year} 年")
        en.append(node.name("en") if year is None else f"{node.name('en')} {year}")
    return About(" · ".join(zh), " · ".join(en))
