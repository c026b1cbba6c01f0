-- CreateIndex
CREATE INDEX "findings_scrub_id_state_idx" ON "findings"("scrub_id", "state");

