import { vaultRoutes, type LocationStatus } from '@heirloom/contracts';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { printable, sizeText, table } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

/** `heirloom admin locations` */
export async function locationsCommand(context: Context): Promise<CommandResult> {
  return await withOperator(context, async ({ http }) => {
    const { locations } = await http.call(vaultRoutes.locations, {});
    return {
      document: { locations: locations.map(({ locationId: id, ...location }) => ({ id, ...location })) },
      lines: table(
        ['location', 'region', 'driver', 'state', 'copies', 'wanted', 'damaged', 'missing', 'used', 'free'],
        locations.map(rowOf),
      ),
      remarks: locations.flatMap(({ locationId, problem, notes = [] }) =>
        [problem, notes.join('; ')].flatMap((text) => (text ? [printable(`${locationId}: ${text}`)] : [])),
      ),
    };
  });
}

const rowOf = ({ locationId, region, driver, state, copies, usedBytes, freeBytes }: LocationStatus) => [
  locationId,
  region ?? '',
  driver ?? '',
  state,
  ...[copies.present, copies.wanted, copies.damaged, copies.missing].map(String),
  sizeText(usedBytes),
  freeBytes === null ? '' : sizeText(freeBytes),
];
