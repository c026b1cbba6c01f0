import pg from 'pg';
import { newId } from '@heirloom/contracts';
import type { Belongings } from './requests.ts';

/** What somebody who signed up, backed up a photo and made an album has, as the database knows it. */
export async function belongingsOf(databaseUrl: string, email: string): Promise<Belongings> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const one = async (sql: string, value: string): Promise<string> => {
      const { rows } = await client.query<{ id: string }>(sql, [value]);
      if (!rows[0]) throw new Error(`nothing for ${sql}`);
      return rows[0].id;
    };
    const accountId = await one('SELECT id FROM auth.accounts WHERE email = $1', email);
    const libraryId = await one('SELECT id FROM sharing_policy.libraries WHERE account_id = $1', accountId);
    const familyId = await one(
      'SELECT family_id AS id FROM sharing_policy.members WHERE account_id = $1',
      accountId,
    );
    const uploadId = newId<string>();
    return {
      accountId,
      libraryId,
      familyId,
      uploadId,
      deviceId: await one('SELECT id FROM auth.devices WHERE account_id = $1 LIMIT 1', accountId),
      albumId: await one(
        "SELECT id FROM sharing_policy.collections WHERE family_id = $1 AND kind = 'album' LIMIT 1",
        familyId,
      ),
      photoId: await one(
        'SELECT photo_id AS id FROM vault.versions WHERE library_id = $1 LIMIT 1',
        libraryId,
      ),
      versionId: await one('SELECT id FROM vault.versions WHERE library_id = $1 LIMIT 1', libraryId),
    };
  } finally {
    await client.end();
  }
}
