-- CreateEnum
CREATE TYPE "account_kind" AS ENUM ('person', 'operator');

-- DropIndex
DROP INDEX "accounts_email_key";

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "kind" "account_kind" NOT NULL DEFAULT 'person';

-- CreateTable
CREATE TABLE "used_setup_tokens" (
    "token_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "used_setup_tokens_pkey" PRIMARY KEY ("token_hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "used_setup_tokens_account_id_key" ON "used_setup_tokens"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_kind_email_key" ON "accounts"("kind", "email");

