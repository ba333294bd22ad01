"""The steps of the schema lead exactly to the tables that the packages declare."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from journal import open_engine
from node import migrations
from node.migrations.tables import METADATA


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 - Alembic's order
    """Tests declare tables, too."""
    return kind != "table" or name != "test_note"


def test_the_migrated_schema_equals_the_declared_one(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'node.sqlite3'}")
    migrations.upgrade(engine)

    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)

    assert differences == []
    engine.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'node.sqlite3'}")
    migrations.upgrade(engine)
    before = inspect(engine).get_table_names()

    migrations.upgrade(engine)

    assert inspect(engine).get_table_names() == before
    engine.dispose()
