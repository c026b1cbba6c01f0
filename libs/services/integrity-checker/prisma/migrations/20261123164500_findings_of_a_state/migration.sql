-- CreateIndex
CREATE INDEX "findings_state_id_idx" ON "findings"("state", "id");

