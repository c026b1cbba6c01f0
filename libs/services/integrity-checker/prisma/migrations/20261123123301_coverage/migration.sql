-- CreateTable
CREATE TABLE "slice_readings" (
    "location_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slice_readings_pkey" PRIMARY KEY ("location_id","number")
);

-- CreateTable
CREATE TABLE "reading_days" (
    "day" DATE NOT NULL,
    "copies" BIGINT NOT NULL,
    "bytes_read" BIGINT NOT NULL,

    CONSTRAINT "reading_days_pkey" PRIMARY KEY ("day")
);

