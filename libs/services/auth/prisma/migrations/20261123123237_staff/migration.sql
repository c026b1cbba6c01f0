-- AlterTable
ALTER TABLE "accounts" ADD COLUMN     "locked_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "changes" ALTER COLUMN "device_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "authenticators" (
    "account_id" UUID NOT NULL,
    "seed_id" TEXT NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "last_step" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "authenticators_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "staff_invites" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "role" "account_kind" NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_by" UUID,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_invites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_acts" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "role" "account_kind" NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_acts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_invites_token_hash_key" ON "staff_invites"("token_hash");

-- CreateIndex
CREATE INDEX "staff_invites_created_at_idx" ON "staff_invites"("created_at");

-- CreateIndex
CREATE INDEX "staff_acts_account_id_at_id_idx" ON "staff_acts"("account_id", "at", "id");

-- AddForeignKey
ALTER TABLE "authenticators" ADD CONSTRAINT "authenticators_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- One address for operators and support together: they sign in by the same door.
CREATE UNIQUE INDEX "accounts_staff_email_key" ON "accounts"("email") WHERE "kind" <> 'person';

-- For the search by the beginning of an address, whatever collation the database has.
CREATE INDEX "accounts_person_email_idx" ON "accounts"("email" COLLATE "C") WHERE "kind" = 'person';

ALTER TABLE "staff_invites" ADD CONSTRAINT "staff_invites_role_check" CHECK ("role" <> 'person');
ALTER TABLE "staff_acts" ADD CONSTRAINT "staff_acts_role_check" CHECK ("role" <> 'person');
