import { accountId, AppError, familyId, readSize, vaultStaffRoutes, type Quota } from '@heirloom/contracts';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { sizeText } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

/** `heirloom admin quota account|family ID SIZE`. JSON: `{id, bytes, isDefault}` */
export async function setQuotaCommand(
  context: Context,
  holder: 'account' | 'family',
  id: string,
  size: string,
): Promise<CommandResult> {
  const body = { bytes: readQuota(size) };
  return await withOperator(context, async ({ http }) => {
    const quota =
      holder === 'account'
        ? await http.call(vaultStaffRoutes.setAccountQuota, {
            params: { accountId: readId(accountId, id, 'account') },
            body,
          })
        : await http.call(vaultStaffRoutes.setFamilyQuota, {
            params: { familyId: readId(familyId, id, 'family') },
            body,
          });
    return { document: { id, ...quota }, lines: [`${id} may keep ${sayQuota(quota)}.`] };
  });
}

function readQuota(size: string): number | null | 'default' {
  if (size === 'default') return size;
  if (size === 'unlimited') return null;
  const bytes = readSize(size);
  if (bytes !== null) return bytes;
  throw new AppError('bad-request', {
    detail: 'Say how much with its unit, such as 50GiB, or "unlimited", or "default".',
  });
}

function readId<T>(schema: { safeParse(id: string): { data?: T | undefined } }, id: string, what: string): T {
  const { data } = schema.safeParse(id);
  if (data !== undefined) return data;
  throw new AppError('bad-request', {
    detail: `"${id}" is not the id of ${what === 'account' ? 'an' : 'a'} ${what}.`,
  });
}

const sayQuota = ({ bytes, isDefault }: Quota): string =>
  `${bytes === null ? 'as much as there is room' : `${sizeText(bytes)} at most`}${isDefault ? ', as everybody' : ''}`;
