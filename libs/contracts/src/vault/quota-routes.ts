import { z } from 'zod';
import { bytesCount, moment } from '../base/codecs.ts';
import { accountId, familyId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';

/** How many bytes somebody may keep; null for as many as there is room. */
export const quotaBytes = bytesCount.nullable();

export const quota = z.object({
  bytes: quotaBytes,
  /** Whether it is the installation's default rather than one that an operator has set. */
  isDefault: z.boolean(),
});
export type Quota = z.infer<typeof quota>;

/** What counts towards a quota: all that is stored, in the trash too until it is deleted for good, and what is on its way. */
const kept = z.object({
  bytes: bytesCount,
  /** The whole length of uploads that were begun and are neither finished nor given up. */
  openBytes: bytesCount,
});

/** What somebody keeps, as they see it themselves. */
export const ownUsage = kept.extend({
  photos: z.int().min(0),
  /** The part of `bytes` that is in the trash. */
  trashedBytes: bytesCount,
  quota: quotaBytes,
  /** All of the family together, where it has a quota. */
  family: kept.extend({ quota: bytesCount }).nullable(),
});
export type OwnUsage = z.infer<typeof ownUsage>;

/** The same as who runs the server sees it. */
export const usage = kept.extend({
  photos: z.int().min(0),
  quota,
  /** When something was stored last. */
  lastBackupAt: moment.nullable(),
});
export type Usage = z.infer<typeof usage>;

const accountIds = z.array(accountId).max(limits.accountsPerQuestion);
const familyIds = z.array(familyId).max(limits.familiesPerPage);
const newQuota = z.object({
  /** `default` takes back what was set before. */
  bytes: z.union([quotaBytes, z.literal('default')]),
});

export const quotaRoutes = {
  ownUsage: route({
    service: 'vault',
    id: 'vault.usage.read',
    method: 'GET',
    path: '/api/vault/usage',
    access: 'person',
    output: ownUsage,
  }),
};

export const vaultStaffRoutes = {
  /** From the answer on, no upload begins that would pass it. What is stored stays. */
  setAccountQuota: route({
    service: 'vault',
    id: 'vault.staff.quotas.set-account',
    method: 'PUT',
    path: '/api/vault/staff/quotas/accounts/:accountId',
    access: 'operator',
    params: z.object({ accountId }),
    body: newQuota,
    output: quota,
  }),
  setFamilyQuota: route({
    service: 'vault',
    id: 'vault.staff.quotas.set-family',
    method: 'PUT',
    path: '/api/vault/staff/quotas/families/:familyId',
    access: 'operator',
    params: z.object({ familyId }),
    body: newQuota,
    output: quota,
  }),
  /** One answer for each id, in their order. Who is unknown keeps nothing. A family's sum is that of its members. */
  usage: route({
    service: 'vault',
    id: 'vault.staff.usage.read',
    method: 'POST',
    path: '/api/vault/staff/usage',
    access: 'staff',
    body: z.object({ accountIds, familyIds }),
    output: z.object({
      accounts: z.array(usage.extend({ accountId })).max(limits.accountsPerQuestion),
      families: z.array(usage.extend({ familyId, members: z.int().min(0) })).max(limits.familiesPerPage),
    }),
  }),
};
