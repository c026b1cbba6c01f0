import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import {
  accountId,
  AppError,
  auditKind,
  familyId,
  type AuditCheck,
  type AuditEntry,
  type AuditFault,
  type AuditFaultKind,
} from '@heirloom/contracts';
import {
  checkAuditExport,
  exportAudit,
  listAuditEntries,
  newestAuditChecks,
  startAuditCheck,
  type CheckedExport,
  type SignedInOperator,
} from '@heirloom/client';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { exitCodes, type CommandResult } from '../../output/io.ts';
import { count, minuteText, table } from '../../output/text.ts';
import { auditText } from '../audit-text.ts';
import { withOperator } from './operator-context.ts';

const pollMs = 500;
const shownEntries = 50;
const shownChecks = 100;

export interface ListAuditOptions {
  kind?: string;
  account?: string;
  family?: string;
  newest?: number;
}

const filters = z.object({
  kind: auditKind.optional(),
  account: accountId.optional(),
  family: familyId.optional(),
});

/** `heirloom admin audit list` */
export async function listAuditCommand(context: Context, options: ListAuditOptions): Promise<CommandResult> {
  const wanted = filters.safeParse(options);
  if (!wanted.success) {
    const option = String(wanted.error.issues[0]?.path[0]);
    const what = option === 'kind' ? `one of: ${auditKind.options.join(', ')}` : 'an id';
    throw new AppError('bad-request', { detail: `--${option} must be ${what}.` });
  }
  const { kind, account, family } = wanted.data;
  const { newest = shownEntries } = options;
  const entries = await withOperator(context, (operator) =>
    listAuditEntries(operator, { kind, accountId: account, familyId: family, newest }),
  );
  return {
    document: { entries },
    lines:
      entries.length === 0
        ? ['The audit trail has no such entry.']
        : table(['index', 'when', 'who', 'what', 'account', 'family', 'subject'], entries.map(rowOf)),
  };
}

const rowOf = ({ index, at, actor, service, accountId: account, familyId: family, ...entry }: AuditEntry) => [
  String(index),
  minuteText(at),
  actor.kind === 'service' ? service : `${actor.kind} ${actor.id ?? 'unknown'}`,
  auditText({ index, at, actor, service, ...entry }),
  account ?? '',
  family ?? '',
  entry.subjectId ?? '',
];

/** `heirloom admin audit export FILE`: the file is new, and is checked once it is written. */
export async function exportAuditCommand(context: Context, file: string): Promise<CommandResult> {
  await withOperator(context, async (operator) => {
    const body = await exportAudit(operator, context.io.signal);
    const to = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.fromWeb(body as never), to, { signal: context.io.signal }).catch(asRefusal(file));
  });
  return reportOf(await checkAuditExport(() => linesOf(file)), file);
}

const asRefusal = (file: string) => (error: unknown) => {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  throw new AppError('conflict', { detail: `There is a file ${file} already. Name another one.` });
};

export interface CheckAuditOptions {
  key?: string;
}

/** `heirloom admin audit check [FILE]`: an export, away from the server; without one, the server checks its own trail. */
export async function checkAuditCommand(
  context: Context,
  file: string | undefined,
  { key }: CheckAuditOptions,
): Promise<CommandResult> {
  if (file === undefined) return checkOnServer(context);
  const checked = await checkAuditExport(() => linesOf(file), key);
  return reportOf(checked, file, key === undefined);
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

function reportOf(checked: CheckedExport, file: string, isOwnKey = true): CommandResult {
  const { faults, first, entries, exportedAt, keys } = checked;
  return {
    document: { file, ...checked },
    lines: [
      `${file}: exported ${minuteText(exportedAt)}, ${count(entries, 'entry', 'entries')} from ${first} on.`,
      ...verdictLines(faults),
    ],
    remarks: isOwnKey
      ? [
          `The file names the key that it was checked with: ${keys[0]}. Keep it, and give it with --key the next time.`,
        ]
      : [],
    exitCode: faults.length === 0 ? exitCodes.ok : exitCodes.failed,
  };
}

async function checkOnServer(context: Context): Promise<CommandResult> {
  const begun = await withOperator(context, startAuditCheck);
  for (;;) {
    const { check, keys } = await withOperator(context, (operator) => look(operator, begun));
    if (check.state !== 'running') {
      const { checkId: id, first, entries, faults } = check;
      return {
        document: { check: { id, ...check }, keys },
        lines: [
          `${count(entries, 'entry', 'entries')} from ${first} on.`,
          ...verdictLines(faults),
          `Key: ${keys[0]}`,
        ],
        exitCode: faults.length === 0 ? exitCodes.ok : exitCodes.failed,
      };
    }
    await wait(pollMs, undefined, { signal: context.io.signal });
  }
}

async function look(operator: SignedInOperator, begun: AuditCheck) {
  const { checks, keys } = await newestAuditChecks(operator, shownChecks);
  return { check: checks.find(({ checkId }) => checkId === begun.checkId) ?? begun, keys };
}

const sentences: Record<AuditFaultKind, string> = {
  changed: 'was changed',
  missing: 'is missing, or something else stands in its place',
  reordered: 'stands in another place than it was written in',
  checkpoint: 'was written anew: no signed checkpoint knows it so',
  signature: 'has a checkpoint that this installation did not sign',
  truncated: 'is cut off: a signed checkpoint has seen it',
  unsigned: 'has no signed checkpoint behind it',
};

function verdictLines(faults: readonly AuditFault[]): string[] {
  if (faults.length === 0) return ['The audit trail is whole.'];
  return [
    'The audit trail is DAMAGED:',
    ...faults.map(({ kind, from, to }) =>
      from === to
        ? `  Entry ${from} ${sentences[kind]}.`
        : `  Entries ${from} to ${to}: one or more ${sentences[kind]}.`,
    ),
  ];
}
