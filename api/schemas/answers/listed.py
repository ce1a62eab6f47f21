"""A list as every list of the API is answered."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item", bound=BaseModel)


class Listed(BaseModel, Generic[Item]):
    """Items, where the next page begins (null: this is the last), and how many there are in all."""

    items: list[Item]
    next: str | None
    total: int
