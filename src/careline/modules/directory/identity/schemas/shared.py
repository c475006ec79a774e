"""What the shapes have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=1024)]

Code = Annotated[str, Field(min_length=1, max_length=64)]


class Shown(BaseModel):
    """Is made of a view by the names of its fields."""

    model_config = ConfigDict(from_attributes=True)


class Sent(BaseModel):
    """A body of a request: a field that nobody knows is refused by its name."""

    model_config = ConfigDict(extra="forbid")
