"""The database schema in steps; `upgrade` brings a database to the newest step before any other use."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from journal.store import converted, writing


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema, under its write lock: two processes may start at once."""
    with converted(), writing(engine) as db:
        command.upgrade(configuration(db.connection()), "head")
        db.commit()


def configuration(connection: object) -> Config:
    """The input of Alembic: the folder of the steps, and their connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
