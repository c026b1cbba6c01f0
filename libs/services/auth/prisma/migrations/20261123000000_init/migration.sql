-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credentials" (
    "account_id" UUID NOT NULL,
    "seed_id" TEXT NOT NULL,
    "record" TEXT NOT NULL,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "unlocks" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "identity_pin" BYTEA NOT NULL,
    "signature" BYTEA NOT NULL,
    "sealed_master_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unlocks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keyrings" (
    "account_id" UUID NOT NULL,
    "sign_public_key" BYTEA NOT NULL,
    "kem_public_key" BYTEA NOT NULL,
    "wrapped_sign_seed" BYTEA NOT NULL,
    "wrapped_kem_seed" BYTEA NOT NULL,

    CONSTRAINT "keyrings_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "library_keys" (
    "account_id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "wrapped_key" BYTEA NOT NULL,

    CONSTRAINT "library_keys_pkey" PRIMARY KEY ("account_id","library_id","epoch")
);

-- CreateTable
CREATE TABLE "devices" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "public_key" BYTEA NOT NULL,
    "sealed_name" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "devices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "device_id" UUID NOT NULL,
    "line_hash" BYTEA NOT NULL,
    "current_hash" BYTEA,
    "sibling_hash" BYTEA,
    "previous_hash" BYTEA,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("device_id")
);

-- CreateTable
CREATE TABLE "logins" (
    "id" UUID NOT NULL,
    "subject_id" UUID NOT NULL,
    "known" BOOLEAN NOT NULL,
    "sealed_state" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "logins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_counts" (
    "address_hash" BYTEA NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "request_counts_pkey" PRIMARY KEY ("address_hash","minute")
);

-- CreateTable
CREATE TABLE "used_invitations" (
    "code_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "used_invitations_pkey" PRIMARY KEY ("code_hash")
);

-- CreateTable
CREATE TABLE "changes" (
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "kind" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_key" ON "accounts"("email");

-- CreateIndex
CREATE INDEX "unlocks_account_id_idx" ON "unlocks"("account_id");

-- CreateIndex
CREATE INDEX "devices_account_id_revoked_at_idx" ON "devices"("account_id", "revoked_at");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_line_hash_key" ON "sessions"("line_hash");

-- CreateIndex
CREATE INDEX "logins_subject_id_created_at_idx" ON "logins"("subject_id", "created_at");

-- CreateIndex
CREATE INDEX "logins_created_at_idx" ON "logins"("created_at");

-- CreateIndex
CREATE INDEX "request_counts_minute_idx" ON "request_counts"("minute");

-- CreateIndex
CREATE UNIQUE INDEX "used_invitations_account_id_key" ON "used_invitations"("account_id");

-- CreateIndex
CREATE INDEX "changes_xid_seq_idx" ON "changes"("xid", "seq");

-- CreateIndex
CREATE INDEX "changes_at_idx" ON "changes"("at");

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unlocks" ADD CONSTRAINT "unlocks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "keyrings" ADD CONSTRAINT "keyrings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "library_keys" ADD CONSTRAINT "library_keys_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "keyrings"("account_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "devices" ADD CONSTRAINT "devices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "devices"("id") ON DELETE CASCADE ON UPDATE CASCADE;
