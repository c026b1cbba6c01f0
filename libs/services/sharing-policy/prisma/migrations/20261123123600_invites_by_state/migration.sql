-- CreateIndex
CREATE INDEX "invites_state_id_idx" ON "invites"("state", "id");

