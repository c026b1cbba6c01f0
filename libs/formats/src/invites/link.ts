import { AppError, inviteId, type InviteId } from '@heirloom/contracts';
import { concatBytes, fromBase64, toBase64 } from '../encoding/bytes.ts';
import type { LogHead } from '../log/head.ts';

/** What an invite link carries. All of it but the server stands behind `#`, so no server is ever sent it. */
export interface InviteLink {
  /** Origin of the installation, for example https://photos.example. */
  server: string;
  invite: InviteId;
  /** 32 random bytes. Whoever has them can join. */
  secret: Uint8Array;
  /** The family log when the invite was in it: whoever joins accepts only a log that continues this one. */
  head: LogHead;
}

const path = '/join';
const secretBytes = 32;
const sizeBytes = 6;
const rootBytes = 32;

const toUrl = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
function fromUrl(text: string): Uint8Array<ArrayBuffer> | undefined {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
  return bytes && toUrl(bytes) === text ? bytes : undefined;
}

/** `SERVER/join#INVITE.SECRET.HEAD`: the head is its size, 6 bytes, big endian, and its root; both parts in base64url. */
export function encodeInviteLink({ server, invite, secret, head }: InviteLink): string {
  if (secret.length !== secretBytes) throw new RangeError("an invite's secret has 32 bytes");
  if (head.root.length !== rootBytes) throw new RangeError('a root has 32 bytes');
  const size = new Uint8Array(sizeBytes);
  for (let i = sizeBytes - 1, rest = head.size; i >= 0; i--, rest = Math.floor(rest / 256))
    size[i] = rest % 256;
  const url = new URL(path, server);
  url.hash = [invite, toUrl(secret), toUrl(concatBytes(size, head.root))].join('.');
  return url.href;
}

/** @throws AppError `bad-request` with a sentence for the person who pasted it. */
export function decodeInviteLink(text: string): InviteLink {
  const refused = () =>
    new AppError('bad-request', {
      detail: 'This is not a whole invite link. Copy all of it, with everything behind the # sign.',
    });
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== path || url.username || url.search)
    throw refused();
  const [id, secretText, headText, ...more] = url.hash.slice(1).split('.');
  const invite = inviteId.safeParse(id);
  const secret = fromUrl(secretText ?? '');
  const head = fromUrl(headText ?? '');
  const whole = secret?.length === secretBytes && head?.length === sizeBytes + rootBytes && more.length === 0;
  if (!invite.success || !whole) throw refused();
  const size = head.subarray(0, sizeBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  return { server: url.origin, invite: invite.data, secret, head: { size, root: head.slice(sizeBytes) } };
}
