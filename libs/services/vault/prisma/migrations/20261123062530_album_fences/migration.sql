-- CreateTable
CREATE TABLE "album_fences" (
    "album_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,

    CONSTRAINT "album_fences_pkey" PRIMARY KEY ("album_id")
);
