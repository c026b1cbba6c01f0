-- AlterTable
ALTER TABLE "devices" ADD COLUMN     "entered_by" TEXT NOT NULL DEFAULT 'password';

-- AlterTable
ALTER TABLE "unlocks" ADD COLUMN     "access_hash" BYTEA,
ADD COLUMN     "confirmed_at" TIMESTAMPTZ(3),
ADD COLUMN     "used_at" TIMESTAMPTZ(3);

