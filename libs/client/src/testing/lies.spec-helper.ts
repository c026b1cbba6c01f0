import { logEntryStatement, signedEnvelope, type KnownLogEvent } from '@heirloom/formats';
import type { Tamper } from './real-home.spec-helper.ts';

/** Answers as JSON carries them: bytes are base64url. */
export interface Row {
  collectionId: string;
  kind: string;
  epoch: number;
  role: string;
  grantIndex: number;
  sealedKey: string;
  removed: boolean;
}
export interface LogPage {
  entries: { index: number; entry: string }[];
  checkpoint: string;
  sealedKeys?: { sealedKey: string }[];
}

export const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
export const toBytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

export const onRows = (change: (rows: Row[]) => Row[]): Tamper => {
  return (request, answer: { collections: Row[] }) =>
    request.endsWith('/collections') ? { ...answer, collections: change(answer.collections) } : answer;
};
export const onLog = (change: (page: LogPage) => LogPage): Tamper => {
  return (request, answer: LogPage) =>
    request.endsWith('/family/log') || request.endsWith('/opening') ? change(answer) : answer;
};

/** The event of an entry, in an envelope whose signature is as it was. */
export function swapped(entry: string, change: (event: KnownLogEvent) => object | null): string {
  const envelope = signedEnvelope.decode(toBytes(entry));
  const content = logEntryStatement.payload.decode(envelope.payload);
  const event = change(content.event as KnownLogEvent);
  if (!event) return entry;
  const payload = logEntryStatement.payload.encode({ ...content, event } as never);
  return toText(signedEnvelope.encode({ ...envelope, payload } as never));
}

export interface Item {
  wrappedFileKey: string;
  statement: string;
}

export function flipped(text: string): string {
  const bytes = toBytes(text);
  const at = bytes.length - 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return toText(bytes);
}

/** The same link with another head of the same size. */
export function otherHead(link: string): string {
  const [start, secret, head = ''] = link.split('.').slice(-3);
  const bytes = toBytes(head);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  return `${link.slice(0, link.length - [start, secret, head].join('.').length)}${start}.${secret}.${toText(bytes)}`;
}
