-- AlterEnum
ALTER TYPE "change_kind" ADD VALUE 'notes';

-- CreateTable
CREATE TABLE "photo_notes" (
    "library_id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "record" BYTEA NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "photo_notes_pkey" PRIMARY KEY ("library_id","photo_id")
);

-- CreateIndex
CREATE INDEX "photo_notes_photo_id_idx" ON "photo_notes"("photo_id");

