-- CreateEnum
CREATE TYPE "scrub_cause" AS ENUM ('schedule', 'operator');

-- CreateEnum
CREATE TYPE "scrub_state" AS ENUM ('running', 'complete', 'partial');

-- CreateEnum
CREATE TYPE "slice_state" AS ENUM ('waiting', 'done', 'failed');

-- CreateEnum
CREATE TYPE "finding_kind" AS ENUM ('damaged', 'short', 'missing', 'unknown');

-- CreateEnum
CREATE TYPE "finding_state" AS ENUM ('suspected', 'open', 'repairing', 'repaired', 'unrepairable', 'reported', 'gone');

-- CreateTable
CREATE TABLE "scrubs" (
    "id" UUID NOT NULL,
    "cause" "scrub_cause" NOT NULL,
    "state" "scrub_state" NOT NULL DEFAULT 'running',
    "running" INTEGER,
    "slices" INTEGER NOT NULL DEFAULT 0,
    "slices_failed" INTEGER NOT NULL DEFAULT 0,
    "copies" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "scrubs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slices" (
    "scrub_id" UUID NOT NULL,
    "location_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "slice_state" NOT NULL DEFAULT 'waiting',
    "after" TEXT,
    "lease_id" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "copies" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "slices_pkey" PRIMARY KEY ("scrub_id","location_id","number")
);

-- CreateTable
CREATE TABLE "findings" (
    "id" UUID NOT NULL,
    "scrub_id" UUID NOT NULL,
    "location_id" TEXT NOT NULL,
    "slice" INTEGER NOT NULL,
    "kind" "finding_kind" NOT NULL,
    "state" "finding_state" NOT NULL,
    "path" TEXT NOT NULL,
    "live" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "findings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "scrubs_running_key" ON "scrubs"("running");

-- CreateIndex
CREATE INDEX "scrubs_started_at_idx" ON "scrubs"("started_at");

-- CreateIndex
CREATE INDEX "slices_state_due_at_idx" ON "slices"("state", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "findings_live_key" ON "findings"("live");

-- CreateIndex
CREATE INDEX "findings_scrub_id_id_idx" ON "findings"("scrub_id", "id");

-- CreateIndex
CREATE INDEX "findings_state_due_at_idx" ON "findings"("state", "due_at");

