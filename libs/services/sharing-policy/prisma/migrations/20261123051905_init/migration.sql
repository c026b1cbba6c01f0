-- CreateEnum
CREATE TYPE "family_role" AS ENUM ('owner', 'adult', 'child', 'viewer');

-- CreateEnum
CREATE TYPE "collection_kind" AS ENUM ('family', 'album');

-- CreateEnum
CREATE TYPE "grant_role" AS ENUM ('owner', 'adult', 'child', 'viewer', 'manager', 'contributor');

-- CreateTable
CREATE TABLE "families" (
    "id" UUID NOT NULL,
    "log_size" INTEGER NOT NULL,
    "log_root" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "families_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "libraries" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "libraries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "members" (
    "account_id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "role" "family_role" NOT NULL,
    "sign_public_key" BYTEA NOT NULL,
    "kem_public_key" BYTEA NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "members_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "devices" (
    "family_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "public_key" BYTEA NOT NULL,
    "added_index" INTEGER NOT NULL,
    "revoked_index" INTEGER,

    CONSTRAINT "devices_pkey" PRIMARY KEY ("family_id","id")
);

-- CreateTable
CREATE TABLE "collections" (
    "id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "kind" "collection_kind" NOT NULL,
    "creator_id" UUID NOT NULL,
    "sealed_name" BYTEA,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "rotation_due" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "collections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "collection_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "role" "grant_role" NOT NULL,
    "grant_index" INTEGER NOT NULL,
    "sealed_key" BYTEA NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "grants_pkey" PRIMARY KEY ("collection_id","account_id","epoch")
);

-- CreateTable
CREATE TABLE "log_entries" (
    "family_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "entry" BYTEA NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_entries_pkey" PRIMARY KEY ("family_id","index")
);

-- CreateTable
CREATE TABLE "log_nodes" (
    "family_id" UUID NOT NULL,
    "level" SMALLINT NOT NULL,
    "index" INTEGER NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "log_nodes_pkey" PRIMARY KEY ("family_id","level","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "libraries_account_id_key" ON "libraries"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "members_library_id_key" ON "members"("library_id");

-- CreateIndex
CREATE INDEX "members_family_id_idx" ON "members"("family_id");

-- CreateIndex
CREATE INDEX "devices_family_id_account_id_idx" ON "devices"("family_id", "account_id");

-- CreateIndex
CREATE INDEX "collections_family_id_kind_idx" ON "collections"("family_id", "kind");

-- CreateIndex
CREATE INDEX "grants_account_id_xid_seq_idx" ON "grants"("account_id", "xid", "seq");

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_library_id_fkey" FOREIGN KEY ("library_id") REFERENCES "libraries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "devices" ADD CONSTRAINT "devices_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collections" ADD CONSTRAINT "collections_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_entries" ADD CONSTRAINT "log_entries_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_nodes" ADD CONSTRAINT "log_nodes_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

