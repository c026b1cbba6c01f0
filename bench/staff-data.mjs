/**
 * Fills a migrated, empty installation with 10,000 accounts, 1,000,000 photos and 3,000,000 copies, by SQL; the same rows
 * each time. There are no files behind the copies, so it is for trying out how staff's pages are with so much, and for nothing
 * else. The URL is of a superuser and the database that holds all services' schemas.
 *
 * Usage: node bench/staff-data.mjs POSTGRES_URL [ACCOUNTS] [PHOTOS]
 */
import { fillStaffData, fullSize } from '../apps/e2e/src/staff-load/fill.ts';

const [url, accounts = fullSize.accounts, photos = fullSize.photos] = process.argv.slice(2);
if (!url) throw new Error('Usage: node bench/staff-data.mjs POSTGRES_URL [ACCOUNTS] [PHOTOS]');
await fillStaffData(url, { accounts: Number(accounts), photos: Number(photos) }, (line) =>
  process.stdout.write(`${line}\n`),
);
