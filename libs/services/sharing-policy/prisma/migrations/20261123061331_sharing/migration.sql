-- CreateEnum
CREATE TYPE "invite_state" AS ENUM ('open', 'used', 'revoked', 'expired');

-- DropForeignKey
ALTER TABLE "devices" DROP CONSTRAINT "devices_family_id_fkey";

-- AlterTable
ALTER TABLE "members" ADD COLUMN     "name_epoch" INTEGER,
ADD COLUMN     "sealed_name" BYTEA;

-- DropTable
DROP TABLE "devices";

-- CreateTable
CREATE TABLE "invites" (
    "id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "access_hash" BYTEA NOT NULL,
    "role" "family_role" NOT NULL,
    "created_by" UUID NOT NULL,
    "state" "invite_state" NOT NULL DEFAULT 'open',
    "used_by" UUID,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invite_grants" (
    "invite_id" UUID NOT NULL,
    "collection_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "sealed_key" BYTEA NOT NULL,

    CONSTRAINT "invite_grants_pkey" PRIMARY KEY ("invite_id","collection_id","epoch")
);

-- CreateTable
CREATE TABLE "standing_changes" (
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "account_id" UUID NOT NULL,
    "less" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "standing_changes_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "fences" (
    "album_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "held_epoch" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "fences_pkey" PRIMARY KEY ("album_id")
);

-- CreateIndex
CREATE INDEX "invites_family_id_idx" ON "invites"("family_id");

-- CreateIndex
CREATE INDEX "standing_changes_xid_seq_idx" ON "standing_changes"("xid", "seq");

-- AddForeignKey
ALTER TABLE "invites" ADD CONSTRAINT "invites_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invite_grants" ADD CONSTRAINT "invite_grants_invite_id_fkey" FOREIGN KEY ("invite_id") REFERENCES "invites"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invite_grants" ADD CONSTRAINT "invite_grants_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

