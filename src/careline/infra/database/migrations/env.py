"""What alembic runs. The connection is always given: see ``careline.infra.database.schema``."""

from alembic import context

from careline.infra.database.migrations import rendering

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=rendering.render_item,
    process_revision_directives=rendering.protect_tenants,
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
