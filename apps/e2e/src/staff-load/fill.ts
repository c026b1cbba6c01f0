import { createHash } from 'node:crypto';
import pg from 'pg';

export interface StaffDataSize {
  accounts: number;
  photos: number;
}

export const fullSize: StaffDataSize = { accounts: 10_000, photos: 1_000_000 };

/** Locations of home's default, in which each object has a copy. */
const locations = ['first', 'second', 'third'];
export const membersPerFamily = 4;
const invitesPerFamily = 8;
const albumsPerFamily = 5;
const scrubs = 100;
const findings = 50_000;
const auditEntries = 200_000;

/** A UUIDv7 for each number of each kind, in order of the numbers; a moment for each number; an object's name. */
const functions = `
  CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
    SELECT (lpad(to_hex(1600000000000 + n), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid
    FROM (SELECT md5(kind || n) AS h) AS made $$;
  CREATE FUNCTION pg_temp.at(n bigint) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$
    SELECT timestamptz '2024-01-01 00:00:00Z' + (n * 7919 % 60000000) * interval '1 second' $$;
  CREATE FUNCTION pg_temp.object(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT encode(sha256(('object' || n)::bytea), 'hex') $$`;

function authRows({ accounts }: StaffDataSize): string[] {
  return [
    `INSERT INTO auth.accounts (id, kind, email, created_at)
     SELECT pg_temp.id('account', i), 'person', 'person-' || i || '@example.org', pg_temp.at(i)
     FROM generate_series(0, ${accounts - 1}) i`,
    `INSERT INTO auth.accounts (id, kind, email)
     SELECT pg_temp.id('staff', i), (CASE WHEN i % 3 = 0 THEN 'operator' ELSE 'support' END)::auth.account_kind,
       'staff-' || i || '@example.org' FROM generate_series(0, 29) i`,
    `INSERT INTO auth.devices (id, account_id, public_key, created_at, last_seen_at, revoked_at)
     SELECT pg_temp.id('device', i), pg_temp.id('account', i / 3), '\\x00', pg_temp.at(i), pg_temp.at(i + 5),
       CASE WHEN i % 10 = 0 THEN pg_temp.at(i + 6) END
     FROM generate_series(0, ${3 * accounts - 1}) i`,
    `INSERT INTO auth.unlocks (id, account_id, kind, public_key, identity_pin, signature, sealed_master_key)
     SELECT pg_temp.id('unlock', i), pg_temp.id('account', i), 'password', '\\x00', '\\x00', '\\x00', '\\x00'
     FROM generate_series(0, ${accounts - 1}) i`,
  ];
}

function familyRows({ accounts }: StaffDataSize): string[] {
  const families = Math.ceil(accounts / membersPerFamily);
  return [
    `INSERT INTO sharing_policy.families (id, log_size, log_root, created_at)
     SELECT pg_temp.id('family', i), 1, '\\x00', pg_temp.at(i) FROM generate_series(0, ${families - 1}) i`,
    `INSERT INTO sharing_policy.libraries (id, account_id)
     SELECT pg_temp.id('library', i), pg_temp.id('account', i) FROM generate_series(0, ${accounts - 1}) i`,
    `INSERT INTO sharing_policy.members
       (account_id, family_id, library_id, role, sign_public_key, kem_public_key, joined_at)
     SELECT pg_temp.id('account', i), pg_temp.id('family', i / ${membersPerFamily}), pg_temp.id('library', i),
       (CASE WHEN i % ${membersPerFamily} = 0 THEN 'owner' ELSE 'adult' END)::sharing_policy.family_role,
       '\\x00', '\\x00', pg_temp.at(i)
     FROM generate_series(0, ${accounts - 1}) i`,
    `INSERT INTO sharing_policy.collections (id, family_id, kind, creator_id)
     SELECT pg_temp.id('album', i), pg_temp.id('family', i / ${albumsPerFamily}), 'album', pg_temp.id('account', 0)
     FROM generate_series(0, ${families * albumsPerFamily - 1}) i`,
    `INSERT INTO sharing_policy.invites
       (id, family_id, access_hash, role, created_by, state, used_by, expires_at, created_at)
     SELECT pg_temp.id('invite', i), pg_temp.id('family', i / ${invitesPerFamily}), '\\x00', 'adult',
       pg_temp.id('account', i / ${invitesPerFamily} * ${membersPerFamily}),
       (ARRAY['used', 'used', 'used', 'revoked', 'revoked', 'expired', 'open', 'open'])[i % ${invitesPerFamily} + 1]::sharing_policy.invite_state,
       CASE WHEN i % ${invitesPerFamily} < 3 THEN pg_temp.id('account', i / ${invitesPerFamily}) END,
       CASE WHEN i % ${invitesPerFamily} = 7 THEN now() + interval '7 days' ELSE pg_temp.at(i) END, pg_temp.at(i)
     FROM generate_series(0, ${families * invitesPerFamily - 1}) i`,
  ];
}

/** Every twentieth photo is of the first account, the others belong to all alike. */
const ownerOf = (i: string, accounts: number) =>
  `(CASE WHEN ${i} % 20 = 0 THEN 0 ELSE ${i} % ${accounts} END)`;

function vaultRows({ accounts, photos }: StaffDataSize): string[] {
  const account = ownerOf('i', accounts);
  const all = `FROM generate_series(0, ${photos - 1}) i`;
  return [
    // Triggers keep the sums and check references row by row; the sums are made below and the rows are known to be right.
    `SET session_replication_role = replica`,
    `INSERT INTO vault.photos (id, library_id, created_at, trashed_at)
     SELECT pg_temp.id('photo', i), pg_temp.id('library', ${account}), pg_temp.at(i),
       CASE WHEN i % 100 = 1 THEN pg_temp.at(i + 9) END ${all}`,
    `INSERT INTO vault.objects (name, size_bytes, created_at)
     SELECT pg_temp.object(i), 200000 + i::bigint * 7919 % 8000000, pg_temp.at(i) ${all}`,
    `INSERT INTO vault.versions
       (id, photo_id, library_id, author_id, device_id, object_name, trailer_bytes, committed_at)
     SELECT pg_temp.id('version', i), pg_temp.id('photo', i), pg_temp.id('library', ${account}),
       pg_temp.id('account', ${account}), pg_temp.id('device', 3 * ${account}), pg_temp.object(i), 900, pg_temp.at(i) ${all}`,
    // What is wanted or bad is due in a hundred years: nobody is to look for files that never were.
    `INSERT INTO vault.replicas (object_name, location_id, state, due_at)
     SELECT pg_temp.object(i), location,
       (CASE WHEN i % 1000 = 7 AND location = 'third' THEN 'wanted'
             WHEN i % 5000 = 11 AND location = 'second' THEN 'damaged'
             WHEN i % 5000 = 13 AND location = 'second' THEN 'missing' ELSE 'present' END)::vault.replica_state,
       now() + interval '100 years'
     ${all} CROSS JOIN unnest(ARRAY['${locations.join("', '")}']) AS location`,
    `SET session_replication_role = origin`,
    `INSERT INTO vault.replica_tallies (location_id, state, copies, bytes)
     SELECT r.location_id, r.state, count(*), sum(o.size_bytes)
     FROM vault.replicas r JOIN vault.objects o ON o.name = r.object_name GROUP BY 1, 2`,
    `INSERT INTO vault.library_tallies (library_id, photos, versions, bytes, stored_at, folded)
     SELECT v.library_id, count(*), count(*), sum(o.size_bytes), max(v.committed_at), true
     FROM vault.versions v JOIN vault.objects o ON o.name = v.object_name GROUP BY 1`,
    `INSERT INTO vault.uploads (id, account_id, length_bytes, locations)
     SELECT pg_temp.id('upload', i), pg_temp.id('account', i % ${accounts}), 5000000, ARRAY['first', 'second']
     FROM generate_series(0, ${accounts / 5 - 1}) i`,
    `INSERT INTO vault.quotas (holder, holder_id, bytes)
     SELECT 'account'::vault.quota_holder, pg_temp.id('account', i), 50000000000 FROM generate_series(0, ${accounts - 1}, 2) i
     UNION ALL
     SELECT 'family'::vault.quota_holder, pg_temp.id('family', i), 200000000000 FROM generate_series(0, ${accounts / membersPerFamily - 1}, 2) i`,
  ];
}

const integrityRows = ({ accounts }: StaffDataSize): string[] => [
  `INSERT INTO integrity_checker.scrubs (id, cause, state, slices, copies, bytes_read, started_at, finished_at)
   SELECT pg_temp.id('scrub', i), 'schedule', 'complete', 768, 3000000, 12000000000000,
     now() - (${scrubs} - i) * interval '7 days', now() - (${scrubs} - i) * interval '7 days' + interval '2 days'
   FROM generate_series(0, ${scrubs - 1}) i`,
  `INSERT INTO integrity_checker.slices (scrub_id, location_id, number, state, copies, bytes_read)
   SELECT pg_temp.id('scrub', i), location, number, 'done', 3900, 16000000000
   FROM generate_series(0, ${scrubs - 1}) i, unnest(ARRAY['${locations.join("', '")}']) AS location, generate_series(0, 255) number`,
  `INSERT INTO integrity_checker.findings (id, scrub_id, location_id, slice, kind, state, path, due_at, found_at)
   SELECT pg_temp.id('finding', i), pg_temp.id('scrub', i * ${scrubs}::bigint / ${findings}), 'second', i % 256,
     'damaged', (CASE WHEN i % 50 = 0 THEN 'reported' ELSE 'repaired' END)::integrity_checker.finding_state,
     pg_temp.object(i), now() + interval '100 years', pg_temp.at(i)
   FROM generate_series(0, ${findings - 1}) i`,
  `INSERT INTO integrity_checker.slice_readings (location_id, number, read_at)
   SELECT location, number, now() - number * interval '1 hour'
   FROM unnest(ARRAY['${locations.join("', '")}']) AS location, generate_series(0, 255) number`,
  `INSERT INTO integrity_checker.reading_days (day, copies, bytes_read)
   SELECT current_date - i, 400000, 1600000000000 FROM generate_series(0, 89) i ON CONFLICT DO NOTHING`,
  // Entries as many and as long as real ones. Their hashes are not those of a trail that would pass a check.
  `BEGIN`,
  `SELECT size FROM integrity_checker.audit_chain FOR UPDATE`,
  `INSERT INTO integrity_checker.audit_entries
     (index, act_id, at, service, kind, actor_kind, actor_id, account_id, family_id, details, previous, hash)
   SELECT chain.size + i, pg_temp.id('act', i), now() - (${auditEntries} - i) * interval '1 minute', 'auth',
     (ARRAY['signed-in', 'device-added', 'photos-trashed'])[i % 3 + 1], 'person', pg_temp.id('account', i % ${accounts}),
     pg_temp.id('account', i % ${accounts}), pg_temp.id('family', i % ${accounts} / ${membersPerFamily}),
     (CASE WHEN i % 3 = 2 THEN '{"photos":2}' ELSE '{"by":"password"}' END)::jsonb,
     sha256(i::text::bytea), sha256((i + 1)::text::bytea)
   FROM integrity_checker.audit_chain AS chain, generate_series(0, ${auditEntries - 1}) i`,
  `UPDATE integrity_checker.audit_chain SET size = size + ${auditEntries}, hash = sha256('${auditEntries}')`,
  `COMMIT`,
];

/**
 * Fills a migrated, empty installation with accounts, families, photos, three copies of each, scrubs, findings and entries of the
 * audit trail. The same size gives the same rows. There are no files behind the copies.
 *
 * @param url of the database that holds all services' schemas, as superuser
 */
export async function fillStaffData(
  url: string,
  size: StaffDataSize,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(functions);
    await client.query(`SET work_mem = '256MB'`);
    const groups = { auth: authRows, families: familyRows, vault: vaultRows, integrity: integrityRows };
    for (const [name, rows] of Object.entries(groups)) {
      const before = performance.now();
      for (const statement of rows(size)) await client.query(statement);
      tell(`${name}: ${((performance.now() - before) / 1000).toFixed(1)} s`);
    }
    // As autovacuum would, sooner or later.
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** The id that {@link fillStaffData} gives to the one with this number. */
export function madeId(kind: string, number: number): string {
  const time = (1_600_000_000_000 + number).toString(16).padStart(12, '0');
  const hash = createHash('md5').update(`${kind}${number}`).digest('hex');
  return `${time}7${hash.slice(0, 3)}8${hash.slice(3, 18)}`.replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    '$1-$2-$3-$4-$5',
  );
}
