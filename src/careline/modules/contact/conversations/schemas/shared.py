"""What the shapes have in common."""

from typing import Annotated

from pydantic import Field

Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read")]
