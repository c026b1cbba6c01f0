import { readUsage } from '@heirloom/client';
import { openProfile, signedIn, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { count, sizeText } from '../output/text.ts';

/**
 * `heirloom usage`
 * JSON: `{photos, bytes, openBytes, trashedBytes, quota, family: {bytes, openBytes, quota} | null}`; a quota is null where
 * there is none
 */
export async function usageCommand(context: Context): Promise<CommandResult> {
  using profile = await openProfile(context);
  const usage = await readUsage(await signedIn(profile, context));
  const { photos, bytes, openBytes, trashedBytes, quota, family } = usage;
  const isFull = [{ bytes, openBytes, quota }, family].some(
    (one) => one && one.quota !== null && one.bytes + one.openBytes >= one.quota,
  );
  return {
    document: usage,
    lines: [
      `${count(photos, 'photo')}: ${sizeText(bytes)}${quota === null ? '' : ` of ${sizeText(quota)}`}`,
      ...(openBytes > 0 ? [`On their way: ${sizeText(openBytes)}`] : []),
      ...(trashedBytes > 0 ? [`In the trash: ${sizeText(trashedBytes)} of it`] : []),
      ...(family ? [`Your family together: ${sizeText(family.bytes)} of ${sizeText(family.quota)}`] : []),
    ],
    remarks: isFull
      ? [
          'Your storage is full. Ask the person who runs the server for more room; what you delete makes room 30 days ' +
            'later, once the trash is emptied.',
        ]
      : [],
  };
}
