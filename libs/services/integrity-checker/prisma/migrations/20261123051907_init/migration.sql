-- CreateEnum
CREATE TYPE "verification_outcome" AS ENUM ('running', 'complete', 'partial', 'abandoned', 'failed');

-- CreateTable
CREATE TABLE "verifications" (
    "id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "outcome" "verification_outcome" NOT NULL DEFAULT 'running',
    "versions" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "intact" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    "short" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "unreachable" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "verifications_library_id_started_at_idx" ON "verifications"("library_id", "started_at");

