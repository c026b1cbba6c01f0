import { AppError, limits, type AccountId, type DeviceId, type Session } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import type { AccountKind, Session as SessionRow } from '../generated/client.ts';
import { TokenSigner } from '../tokens/token-signer.ts';
import { firstToken, nextToken, readToken, type RefreshToken } from './refresh-token.ts';

/** A session as the transaction left it; {@link Sessions.answer} makes the answer of it. */
export interface OpenSession {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly kind: AccountKind;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
}

type Refreshed =
  | OpenSession
  | { refused: 'account-locked' | 'device-revoked' | 'token-expired' | 'token-invalid'; revokedNow?: true };

/** Each device has one session: a chain of refresh tokens, of which the last one is good. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly devices: Devices,
    private readonly signer: TokenSigner,
  ) {}

  /** Begins the device's session; one that it had before ends. */
  async open(tx: Transaction, accountId: AccountId, deviceId: DeviceId): Promise<OpenSession> {
    const { kind } = await tx.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { kind: true },
    });
    const token = firstToken();
    const session = {
      lineHash: token.lineHash,
      ...rotation(token, kind, new Date()),
      siblingHash: null,
      previousHash: null,
    };
    await tx.session.upsert({ where: { deviceId }, create: { deviceId, ...session }, update: session });
    return { accountId, deviceId, kind, refreshToken: token.text, refreshExpiresAt: session.expiresAt };
  }

  /** What the client gets, with a fresh access token. */
  async answer({ accountId, deviceId, kind, refreshToken, refreshExpiresAt }: OpenSession): Promise<Session> {
    const access = await this.signer.sign(accountId, deviceId, kind);
    return { accountId, deviceId, ...access, refreshToken, refreshExpiresAt };
  }

  /**
   * Replaces the refresh token. A token that was replaced before has leaked or was stolen, so the device is revoked;
   * only the last one replaced is taken once more for a while, since its answer may have been lost on the way.
   *
   * @throws AppError `token-invalid`, `token-expired`, `device-revoked`, `account-locked`
   */
  async refresh(text: string): Promise<Session> {
    const token = readToken(text);
    if (!token) throw new AppError('token-invalid');
    const refreshed = await inTransaction(this.database, (tx) => this.#refreshIn(tx, token));
    if (!('refused' in refreshed)) return this.answer(refreshed);
    if (refreshed.revokedNow) await this.devices.tellEveryone();
    throw new AppError(refreshed.refused);
  }

  async #refreshIn(tx: Transaction, token: RefreshToken): Promise<Refreshed> {
    const found = await tx.session.findUnique({
      where: { lineHash: token.lineHash },
      select: { deviceId: true },
    });
    if (!found) return { refused: 'token-invalid' };
    const deviceId = found.deviceId as DeviceId;
    await tx.$queryRaw`SELECT id FROM devices WHERE id = ${deviceId}::uuid FOR UPDATE`;
    // Read again under the lock: another refresh, a login or a revocation may have come first.
    const session = await tx.session.findUnique({
      where: { lineHash: token.lineHash },
      include: { device: { include: { account: { select: { kind: true, lockedAt: true } } } } },
    });
    if (!session) return { refused: 'token-invalid' };
    if (session.device.revokedAt) return { refused: 'device-revoked' };
    const now = new Date();
    const step = stepFor(session, token, now);
    if (step === 'reuse') {
      await this.devices.revokeIn(tx, deviceId);
      return { refused: 'device-revoked', revokedNow: true };
    }
    if (session.expiresAt <= now) return { refused: 'token-expired' };
    // The token stays as it is: it is good again once the account is unlocked.
    if (session.device.account.lockedAt) return { refused: 'account-locked' };
    const next = nextToken(token);
    const { accountId, account } = session.device;
    const rotated = rotation(next, account.kind, now);
    const { expiresAt } = await tx.session.update({
      where: { deviceId },
      data:
        step === 'rotate'
          ? { ...rotated, previousHash: token.hash, siblingHash: null }
          : { ...rotated, previousHash: null, siblingHash: session.currentHash },
    });
    await this.devices.seen(tx, deviceId);
    return {
      accountId: accountId as AccountId,
      deviceId,
      kind: account.kind,
      refreshToken: next.text,
      refreshExpiresAt: expiresAt,
    };
  }
}

const rotation = ({ hash }: RefreshToken, kind: AccountKind, now: Date) => ({
  currentHash: hash,
  rotatedAt: now,
  expiresAt: new Date(
    now.getTime() + (kind === 'person' ? limits.refreshTokenMs : limits.staffRefreshTokenMs),
  ),
});

function stepFor(session: SessionRow, { hash }: RefreshToken, now: Date): 'rotate' | 'repeat' | 'reuse' {
  const is = (other: Uint8Array | null) => other !== null && equalBytes(other, hash);
  if (is(session.currentHash) || is(session.siblingHash)) return 'rotate';
  const withinGrace = now.getTime() - session.rotatedAt.getTime() <= limits.refreshGraceMs;
  return is(session.previousHash) && withinGrace ? 'repeat' : 'reuse';
}
