import {
  AppError,
  authMessages,
  limits,
  type AccountId,
  type AuditActor,
  type DeviceId,
  type NewDevice,
  type UnlockKind,
} from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import { Bus, byItself, recordAct } from '@heirloom/service-kit';
import { Injectable, Logger } from '@nestjs/common';
import { Changes } from '../changes/changes.ts';
import { Database, inTransaction, type Transaction } from '../database.ts';
import type { AccountKind } from '../generated/client.ts';
import { stored } from '../stored-bytes.ts';

const seenEveryMs = 60_000;

/** The devices of accounts: each is a login of its own. A device's row is the lock for all that changes about it. */
@Injectable()
export class Devices {
  readonly #log = new Logger(Devices.name);

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly bus: Bus,
  ) {}

  /**
   * The device that a login came from: new, or the same one again.
   *
   * @param enteredBy - by which unlock its person showed who they are
   * @throws AppError `account-locked`, `limit-reached`, `device-revoked`, or `conflict` for an id that another device has
   */
  async enroll(
    tx: Transaction,
    accountId: AccountId,
    device: NewDevice,
    enteredBy: UnlockKind = 'password',
  ): Promise<void> {
    // One enrolment of an account at a time, or two could both be the last one within the limit.
    const [account] = await tx.$queryRaw<{ kind: AccountKind; locked_at: Date | null }[]>`
      SELECT kind::text, locked_at FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
    if (!account) throw new AppError('not-found');
    if (account.locked_at) throw new AppError('account-locked');
    const [existing] = await tx.$queryRaw<
      { account_id: string; public_key: Uint8Array; revoked_at: Date | null }[]
    >`
      SELECT account_id, public_key, revoked_at FROM devices WHERE id = ${device.deviceId}::uuid FOR UPDATE`;
    const actor = { kind: account.kind, id: accountId };
    const act = { actor, accountId, subjectId: device.deviceId, details: { by: enteredBy } };
    if (!existing) {
      await this.#create(tx, accountId, device, enteredBy);
      return recordAct(tx, { kind: 'device-added', ...act });
    }
    if (existing.account_id !== accountId || !equalBytes(existing.public_key, device.publicKey))
      throw new AppError('conflict', { detail: 'Another device has this id. Make a new one and try again.' });
    if (existing.revoked_at) throw new AppError('device-revoked');
    await tx.device.update({
      where: { id: device.deviceId },
      data: { enteredBy, ...(device.sealedName ? { sealedName: stored(device.sealedName) } : {}) },
    });
    await this.seen(tx, device.deviceId);
    await recordAct(tx, { kind: 'signed-in', ...act });
  }

  async #create(
    tx: Transaction,
    accountId: AccountId,
    device: NewDevice,
    enteredBy: UnlockKind,
  ): Promise<void> {
    const active = await tx.device.count({ where: { accountId, revokedAt: null } });
    if (active >= limits.devicesPerAccount)
      throw new AppError('limit-reached', {
        detail: `An account has at most ${limits.devicesPerAccount} devices. Sign one out that you no longer use.`,
      });
    const { deviceId: id, publicKey, sealedName } = device;
    await tx.device.create({
      data: {
        id,
        accountId,
        publicKey: stored(publicKey),
        enteredBy,
        ...(sealedName ? { sealedName: stored(sealedName) } : {}),
      },
    });
  }

  /** Notes that the device was here; at most once a minute. */
  async seen(tx: Transaction, deviceId: DeviceId): Promise<void> {
    const now = Date.now();
    await tx.device.updateMany({
      where: { id: deviceId, lastSeenAt: { lt: new Date(now - seenEveryMs) } },
      data: { lastSeenAt: new Date(now) },
    });
  }

  /** Signs a device out for good. Doing it twice changes nothing. */
  async revoke(deviceId: DeviceId, actor: AuditActor): Promise<void> {
    const revoked = await inTransaction(this.database, (tx) => this.revokeIn(tx, deviceId, actor));
    if (revoked) await this.tellEveryone();
  }

  /**
   * The change itself, within a transaction; {@link tellEveryone} is due after it has been committed.
   *
   * @returns whether the device had not been revoked before
   */
  async revokeIn(tx: Transaction, deviceId: DeviceId, actor: AuditActor = byItself): Promise<boolean> {
    const [device] = await tx.$queryRaw<{ account_id: AccountId }[]>`
      UPDATE devices SET revoked_at = now() WHERE id = ${deviceId}::uuid AND revoked_at IS NULL RETURNING account_id`;
    if (!device) return false;
    // The session's line stays, so that the device can be told that it was signed out.
    await tx.session.updateMany({
      where: { deviceId },
      data: { currentHash: null, siblingHash: null, previousHash: null },
    });
    const { account_id: accountId } = device;
    await this.changes.deviceRevoked(tx, accountId, deviceId);
    await recordAct(tx, { kind: 'device-revoked', actor, accountId, subjectId: deviceId, details: {} });
    return true;
  }

  /**
   * Signs all devices of an account out, within a transaction; {@link tellEveryone} is due afterwards.
   *
   * @returns how many were signed in
   */
  async revokeAllIn(tx: Transaction, accountId: AccountId): Promise<number> {
    const devices = await tx.device.findMany({
      where: { accountId, revokedAt: null },
      select: { id: true },
      // Always in the same order, so that two who do this at once cannot wait for each other.
      orderBy: { id: 'asc' },
    });
    for (const { id } of devices) await this.revokeIn(tx, id as DeviceId);
    return devices.length;
  }

  /** A nudge. Without it the services find out at their next pull. */
  async tellEveryone(): Promise<void> {
    await this.bus
      .broadcast(authMessages.deviceRevoked, {})
      .catch((error: unknown) =>
        this.#log.warn(`The nudge after a revocation was not sent: ${String(error)}`),
      );
  }
}
