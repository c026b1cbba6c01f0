-- CreateTable
CREATE TABLE "log_key_handovers" (
    "from_key" TEXT NOT NULL,
    "to_key" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_key_handovers_pkey" PRIMARY KEY ("from_key","to_key")
);

