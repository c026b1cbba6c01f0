-- AlterEnum
ALTER TYPE "change_kind" ADD VALUE 'photo';

-- AlterEnum
ALTER TYPE "replica_state" ADD VALUE 'removing';
ALTER TYPE "replica_state" ADD VALUE 'removed';

-- AlterTable
ALTER TABLE "album_items" ADD COLUMN     "trashed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "photos" ADD COLUMN     "emptied_at" TIMESTAMPTZ(3),
ADD COLUMN     "purged_at" TIMESTAMPTZ(3),
ADD COLUMN     "trashed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "tombstones" (
    "version_id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "object_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("version_id")
);

-- CreateIndex
CREATE INDEX "tombstones_photo_id_idx" ON "tombstones"("photo_id");


-- Few photos are in the trash; these find them among all.
CREATE INDEX "photos_trashed_idx" ON "photos"("library_id", "id") WHERE "trashed_at" IS NOT NULL;
CREATE INDEX "photos_emptied_idx" ON "photos"("trashed_at") WHERE "emptied_at" IS NOT NULL;
