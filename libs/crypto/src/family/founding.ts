import type { DeviceId, FamilyId } from '@heirloom/contracts';
import { emptyFamily, type KnownLogEvent } from '@heirloom/formats';
import type { OpenIdentity } from '../keyring/keyring.ts';
import type { EpochKey } from '../keys/epochs.ts';
import { randomBytes } from '../ports/ports.ts';
import { sealedGrantEvent } from './changes.ts';
import { writeEntries, type WrittenEntries } from './write-entries.ts';

export interface FoundingInputs {
  family: FamilyId;
  identity: OpenIdentity;
  devices: readonly { device: DeviceId; sign: Uint8Array }[];
  now: number;
}

/** The first entries of a family of one, and its first key, sealed to the owner. */
export async function writeFounding({
  family,
  identity,
  devices,
  now,
}: FoundingInputs): Promise<WrittenEntries & { sealedKey: Uint8Array<ArrayBuffer>; key: EpochKey }> {
  const state = emptyFamily(family);
  const { account, sign, kem } = identity.public;
  const key: EpochKey = { collection: family, epoch: 1, key: randomBytes(32) };
  const { event, sealedKey } = await sealedGrantEvent(state, key, identity.public, 'owner');
  const events: KnownLogEvent[] = [
    { kind: 'family-created', sign, kem },
    event,
    ...devices.map((device) => ({ kind: 'device-added' as const, account, ...device })),
  ];
  const written = await writeEntries(state, { account, signer: identity.signer }, events, now);
  return { ...written, sealedKey, key };
}
