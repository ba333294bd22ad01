"""Alembic's entry: runs the steps on the connection that `node.migrations` hands over."""

from alembic import context

from node.migrations.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
