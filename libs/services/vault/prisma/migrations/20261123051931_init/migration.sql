-- CreateEnum
CREATE TYPE "replica_state" AS ENUM ('wanted', 'present', 'damaged', 'missing');

-- CreateEnum
CREATE TYPE "change_kind" AS ENUM ('version', 'item', 'item-removed');

-- CreateTable
CREATE TABLE "catalogue" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "incarnation" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalogue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "uploads" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "length_bytes" BIGINT NOT NULL,
    "locations" TEXT[],
    "writer" UUID,
    "writer_until" TIMESTAMPTZ(3),
    "claimant" UUID,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "objects" (
    "name" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "objects_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "replicas" (
    "object_name" TEXT NOT NULL,
    "location_id" TEXT NOT NULL,
    "state" "replica_state" NOT NULL,
    "lease_id" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replicas_pkey" PRIMARY KEY ("object_name","location_id")
);

-- CreateTable
CREATE TABLE "photos" (
    "id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "photos_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "versions" (
    "id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "library_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "object_name" TEXT NOT NULL,
    "trailer_bytes" INTEGER NOT NULL,
    "trailer" BYTEA,
    "sealed_metadata" BYTEA,
    "committed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "album_items" (
    "album_id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "wrapped_file_key" BYTEA NOT NULL,
    "statement" BYTEA NOT NULL,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "album_items_pkey" PRIMARY KEY ("album_id","photo_id")
);

-- CreateTable
CREATE TABLE "changes" (
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "collection_id" UUID NOT NULL,
    "kind" "change_kind" NOT NULL,
    "photo_id" UUID NOT NULL,
    "version_id" UUID,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "uploads_account_id_idx" ON "uploads"("account_id");

-- CreateIndex
CREATE INDEX "uploads_touched_at_idx" ON "uploads"("touched_at");

-- CreateIndex
CREATE INDEX "replicas_state_due_at_idx" ON "replicas"("state", "due_at");

-- CreateIndex
CREATE INDEX "photos_library_id_idx" ON "photos"("library_id");

-- CreateIndex
CREATE UNIQUE INDEX "versions_object_name_key" ON "versions"("object_name");

-- CreateIndex
CREATE INDEX "versions_library_id_id_idx" ON "versions"("library_id", "id");

-- CreateIndex
CREATE INDEX "versions_photo_id_id_idx" ON "versions"("photo_id", "id");

-- CreateIndex
CREATE INDEX "album_items_photo_id_idx" ON "album_items"("photo_id");

-- CreateIndex
CREATE INDEX "album_items_version_id_idx" ON "album_items"("version_id");

-- CreateIndex
CREATE INDEX "changes_collection_id_xid_seq_idx" ON "changes"("collection_id", "xid", "seq");

-- AddForeignKey
ALTER TABLE "replicas" ADD CONSTRAINT "replicas_object_name_fkey" FOREIGN KEY ("object_name") REFERENCES "objects"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_photo_id_fkey" FOREIGN KEY ("photo_id") REFERENCES "photos"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_object_name_fkey" FOREIGN KEY ("object_name") REFERENCES "objects"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "album_items" ADD CONSTRAINT "album_items_photo_id_fkey" FOREIGN KEY ("photo_id") REFERENCES "photos"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "album_items" ADD CONSTRAINT "album_items_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

