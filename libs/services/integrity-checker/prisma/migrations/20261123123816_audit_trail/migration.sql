-- CreateEnum
CREATE TYPE "audit_check_state" AS ENUM ('running', 'intact', 'broken');

-- CreateTable
CREATE TABLE "audit_entries" (
    "index" BIGINT NOT NULL,
    "act_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "account_id" UUID,
    "family_id" UUID,
    "subject_id" UUID,
    "details" JSONB NOT NULL,
    "previous" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "audit_checkpoints" (
    "size" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("size","hash")
);

-- CreateTable
CREATE TABLE "audit_chain" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "size" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "start_size" BIGINT NOT NULL DEFAULT 0,
    "start_note" TEXT,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_sources" (
    "service" TEXT NOT NULL,
    "cursor" TEXT,
    "witness" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_sources_pkey" PRIMARY KEY ("service")
);

-- CreateTable
CREATE TABLE "audit_checks" (
    "id" UUID NOT NULL,
    "cause" "scrub_cause" NOT NULL,
    "state" "audit_check_state" NOT NULL DEFAULT 'running',
    "running" INTEGER,
    "leased_to" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first" BIGINT NOT NULL DEFAULT 0,
    "entries" BIGINT NOT NULL DEFAULT 0,
    "faults" JSONB NOT NULL DEFAULT '[]',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_checks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_act_id_key" ON "audit_entries"("act_id");

-- CreateIndex
CREATE INDEX "audit_entries_account_id_index_idx" ON "audit_entries"("account_id", "index");

-- CreateIndex
CREATE INDEX "audit_entries_family_id_index_idx" ON "audit_entries"("family_id", "index");

-- CreateIndex
CREATE INDEX "audit_entries_kind_index_idx" ON "audit_entries"("kind", "index");

-- CreateIndex
CREATE UNIQUE INDEX "audit_checks_running_key" ON "audit_checks"("running");

-- CreateIndex
CREATE INDEX "audit_checks_started_at_idx" ON "audit_checks"("started_at");


INSERT INTO "audit_chain" ("id", "size", "hash") VALUES (1, 0, decode(repeat('00', 32), 'hex'));
ALTER TABLE "audit_chain" ADD CONSTRAINT "audit_chain_one_row" CHECK ("id" = 1);

-- The trail only grows. Its oldest entries go by retention alone, which says so for its own transaction.
CREATE FUNCTION audit_trail_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('heirloom.audit_retention', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit trail only grows';
END $$;
CREATE TRIGGER audit_trail_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_stays();
CREATE TRIGGER audit_trail_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_checkpoints"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_stays();
