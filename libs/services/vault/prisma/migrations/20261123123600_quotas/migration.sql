-- CreateEnum
CREATE TYPE "quota_holder" AS ENUM ('account', 'family');

-- CreateTable
CREATE TABLE "quotas" (
    "holder" "quota_holder" NOT NULL,
    "holder_id" UUID NOT NULL,
    "bytes" BIGINT,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quotas_pkey" PRIMARY KEY ("holder","holder_id")
);

-- CreateTable
CREATE TABLE "replica_tallies" (
    "id" BIGSERIAL NOT NULL,
    "location_id" TEXT NOT NULL,
    "state" "replica_state" NOT NULL,
    "copies" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "replica_tallies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "library_tallies" (
    "id" BIGSERIAL NOT NULL,
    "library_id" UUID NOT NULL,
    "photos" BIGINT NOT NULL,
    "versions" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "stored_at" TIMESTAMPTZ(3),
    "folded" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "library_tallies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "library_tallies_library_id_idx" ON "library_tallies"("library_id");


-- Which rows a job has yet to fold into one.
CREATE INDEX "library_tallies_fresh_idx" ON "library_tallies"("library_id") WHERE NOT "folded";

-- Whatever changes replicas, photos or versions, the tallies change with it, in the same transaction. Each function runs
-- once for a statement, however many rows it changed. They find the tables where this migration made them.
CREATE FUNCTION tally_replicas() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO replica_tallies (location_id, state, copies, bytes)
    SELECT r.location_id, r.state, count(*), sum(o.size_bytes)
    FROM after_rows r JOIN objects o ON o.name = r.object_name GROUP BY 1, 2;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO replica_tallies (location_id, state, copies, bytes)
    SELECT r.location_id, r.state, -count(*), -sum(o.size_bytes)
    FROM before_rows r JOIN objects o ON o.name = r.object_name GROUP BY 1, 2;
  ELSE
    -- Most updates are of leases and change no state.
    INSERT INTO replica_tallies (location_id, state, copies, bytes)
    SELECT b.location_id, s.state, sum(s.sign), sum(s.sign * o.size_bytes)
    FROM before_rows b
    JOIN after_rows a ON a.object_name = b.object_name AND a.location_id = b.location_id AND a.state <> b.state
    JOIN objects o ON o.name = b.object_name
    CROSS JOIN LATERAL (VALUES (a.state, 1), (b.state, -1)) AS s (state, sign)
    GROUP BY 1, 2;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_inserted AFTER INSERT ON "replicas"
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_replicas();
CREATE TRIGGER tally_updated AFTER UPDATE ON "replicas"
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_replicas();
CREATE TRIGGER tally_deleted AFTER DELETE ON "replicas"
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_replicas();

CREATE FUNCTION tally_photos() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO library_tallies (library_id, photos, versions, bytes)
    SELECT library_id, count(*), 0, 0 FROM after_rows GROUP BY 1;
  ELSE
    INSERT INTO library_tallies (library_id, photos, versions, bytes)
    SELECT library_id, -count(*), 0, 0 FROM before_rows GROUP BY 1;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_inserted AFTER INSERT ON "photos"
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_photos();
CREATE TRIGGER tally_deleted AFTER DELETE ON "photos"
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_photos();

CREATE FUNCTION tally_versions() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO library_tallies (library_id, photos, versions, bytes, stored_at)
    SELECT v.library_id, 0, count(*), sum(o.size_bytes), max(v.committed_at)
    FROM after_rows v JOIN objects o ON o.name = v.object_name GROUP BY 1;
  ELSE
    INSERT INTO library_tallies (library_id, photos, versions, bytes)
    SELECT v.library_id, 0, -count(*), -sum(o.size_bytes)
    FROM before_rows v JOIN objects o ON o.name = v.object_name GROUP BY 1;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_inserted AFTER INSERT ON "versions"
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_versions();
CREATE TRIGGER tally_deleted AFTER DELETE ON "versions"
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_versions();

-- What there is already. The triggers hold off writers until this has been counted.
INSERT INTO "replica_tallies" (location_id, state, copies, bytes)
SELECT r.location_id, r.state, count(*), sum(o.size_bytes)
FROM "replicas" r JOIN "objects" o ON o.name = r.object_name GROUP BY 1, 2;

INSERT INTO "library_tallies" (library_id, photos, versions, bytes, stored_at, folded)
SELECT library_id, sum(photos), sum(versions), sum(bytes), max(stored_at), true FROM (
  SELECT library_id, count(*) AS photos, 0 AS versions, 0 AS bytes, NULL::timestamptz AS stored_at
  FROM "photos" GROUP BY 1
  UNION ALL
  SELECT v.library_id, 0, count(*), sum(o.size_bytes), max(v.committed_at)
  FROM "versions" v JOIN "objects" o ON o.name = v.object_name GROUP BY 1
) AS kept GROUP BY 1;
