"""The database schema, step by step."""

from sqlalchemy import Engine
from sqlmodel import SQLModel


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema."""
    SQLModel.metadata.create_all(engine)
