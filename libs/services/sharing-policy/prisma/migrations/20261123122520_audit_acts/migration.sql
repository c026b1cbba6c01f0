-- CreateTable
CREATE TABLE "audit_acts" (
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "act" JSONB NOT NULL,

    CONSTRAINT "audit_acts_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_witness" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "checkpoint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_witness_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_acts_id_key" ON "audit_acts"("id");

-- CreateIndex
CREATE INDEX "audit_acts_xid_seq_idx" ON "audit_acts"("xid", "seq");

-- CreateIndex
CREATE INDEX "audit_acts_at_idx" ON "audit_acts"("at");


ALTER TABLE "audit_witness" ADD CONSTRAINT "audit_witness_one_row" CHECK ("id" = 1);

-- What was recorded stays as it is until it goes as a whole.
CREATE FUNCTION audit_acts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'recorded acts are never changed';
END $$;
CREATE TRIGGER audit_acts_stay BEFORE UPDATE ON "audit_acts" FOR EACH STATEMENT EXECUTE FUNCTION audit_acts_stay();
