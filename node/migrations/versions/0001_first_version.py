"""All tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_ceremony",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_access_ceremony_challenge"), "access_ceremony", ["challenge"], unique=False)
    op.create_index(op.f("ix_access_ceremony_expires_at"), "access_ceremony", ["expires_at"], unique=False)
    op.create_table(
        "access_enrolment",
        sa.Column("code_digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code_digest"),
    )
    op.create_index(op.f("ix_access_enrolment_person"), "access_enrolment", ["person"], unique=False)
    op.create_table(
        "access_login",
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index(op.f("ix_access_login_expires_at"), "access_login", ["expires_at"], unique=False)
    op.create_index(op.f("ix_access_login_person"), "access_login", ["person"], unique=False)
    op.create_table(
        "access_passkey",
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("credential"),
    )
    op.create_index(op.f("ix_access_passkey_person"), "access_passkey", ["person"], unique=False)
    op.create_table(
        "access_person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "committee_seat",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("expert", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("project", "seat"),
    )
    op.create_index(op.f("ix_committee_seat_expert"), "committee_seat", ["expert"], unique=False)
    op.create_table(
        "explorer_evaluation",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.String(), nullable=False),
        sa.Column("sealed_digest", sa.String(), nullable=False),
        sa.Column("report_digest", sa.String(), nullable=False),
        sa.Column("centres", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index(op.f("ix_explorer_evaluation_entry_index"), "explorer_evaluation", ["entry_index"], unique=False)
    op.create_index(op.f("ix_explorer_evaluation_project"), "explorer_evaluation", ["project"], unique=False)
    op.create_index(
        op.f("ix_explorer_evaluation_report_digest"), "explorer_evaluation", ["report_digest"], unique=False
    )
    op.create_index(op.f("ix_explorer_evaluation_sealed_at"), "explorer_evaluation", ["sealed_at"], unique=False)
    op.create_index(
        op.f("ix_explorer_evaluation_sealed_digest"), "explorer_evaluation", ["sealed_digest"], unique=False
    )
    op.create_table(
        "explorer_record",
        sa.Column("entry_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index"),
    )
    op.create_index(op.f("ix_explorer_record_project"), "explorer_record", ["project"], unique=False)
    op.create_index(op.f("ix_explorer_record_session"), "explorer_record", ["session"], unique=False)
    op.create_table(
        "explorer_tender",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("tenderer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "gateway_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_hash", sa.String(), nullable=False),
        sa.Column("signed_raw", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("block_number", sa.Integer(), nullable=False),
        sa.Column("block_hash", sa.String(), nullable=False),
        sa.Column("transaction_json", sa.String(), nullable=False),
        sa.Column("receipt_json", sa.String(), nullable=False),
        sa.Column("block_json", sa.String(), nullable=False),
        sa.Column("receipts_json", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "gateway_witness",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("block_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "size"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("history", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_invitation_project"), "invitation", ["project"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("entry_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index"),
        sa.UniqueConstraint("project", "seq"),
    )
    op.create_index(op.f("ix_journal_entry_session"), "journal_entry", ["session"], unique=False)
    op.create_index(op.f("ix_journal_entry_type"), "journal_entry", ["type"], unique=False)
    op.create_table(
        "journal_position",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "peer_nonce",
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "nonce"),
    )
    op.create_index(op.f("ix_peer_nonce_expires_at"), "peer_nonce", ["expires_at"], unique=False)
    op.create_table(
        "room_entry",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
        sa.UniqueConstraint("session", "author", "seq"),
    )
    op.create_index(op.f("ix_room_entry_session"), "room_entry", ["session"], unique=False)
    op.create_table(
        "signing_lock",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("on_revision", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("to_be_signed", sa.String(), nullable=False),
        sa.Column("hole_start", sa.Integer(), nullable=False),
        sa.Column("hole_end", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_table(
        "signing_report",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("current", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("excused", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_table(
        "signing_signature",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session", "field"),
    )
    op.create_table(
        "signing_signer",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("encrypted", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "tender",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("registered_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_index(op.f("ix_tender_registered_at"), "tender", ["registered_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tender_registered_at"), table_name="tender")
    op.drop_table("tender")
    op.drop_table("signing_signer")
    op.drop_table("signing_signature")
    op.drop_table("signing_report")
    op.drop_table("signing_lock")
    op.drop_index(op.f("ix_room_entry_session"), table_name="room_entry")
    op.drop_table("room_entry")
    op.drop_index(op.f("ix_peer_nonce_expires_at"), table_name="peer_nonce")
    op.drop_table("peer_nonce")
    op.drop_table("journal_position")
    op.drop_index(op.f("ix_journal_entry_type"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_session"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_index(op.f("ix_invitation_project"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("gateway_witness")
    op.drop_table("gateway_checkpoint")
    op.drop_table("explorer_tender")
    op.drop_index(op.f("ix_explorer_record_session"), table_name="explorer_record")
    op.drop_index(op.f("ix_explorer_record_project"), table_name="explorer_record")
    op.drop_table("explorer_record")
    op.drop_index(op.f("ix_explorer_evaluation_sealed_digest"), table_name="explorer_evaluation")
    op.drop_index(op.f("ix_explorer_evaluation_sealed_at"), table_name="explorer_evaluation")
    op.drop_index(op.f("ix_explorer_evaluation_report_digest"), table_name="explorer_evaluation")
    op.drop_index(op.f("ix_explorer_evaluation_project"), table_name="explorer_evaluation")
    op.drop_index(op.f("ix_explorer_evaluation_entry_index"), table_name="explorer_evaluation")
    op.drop_table("explorer_evaluation")
    op.drop_index(op.f("ix_committee_seat_expert"), table_name="committee_seat")
    op.drop_table("committee_seat")
    op.drop_table("access_person")
    op.drop_index(op.f("ix_access_passkey_person"), table_name="access_passkey")
    op.drop_table("access_passkey")
    op.drop_index(op.f("ix_access_login_person"), table_name="access_login")
    op.drop_index(op.f("ix_access_login_expires_at"), table_name="access_login")
    op.drop_table("access_login")
    op.drop_index(op.f("ix_access_enrolment_person"), table_name="access_enrolment")
    op.drop_table("access_enrolment")
    op.drop_index(op.f("ix_access_ceremony_expires_at"), table_name="access_ceremony")
    op.drop_index(op.f("ix_access_ceremony_challenge"), table_name="access_ceremony")
    op.drop_table("access_ceremony")
