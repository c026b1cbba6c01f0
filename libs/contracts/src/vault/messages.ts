import { z } from 'zod';
import { can } from '../base/access.ts';
import { libraryId, locationId, objectName, versionId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { broadcast, question } from '../base/message.ts';
import { badCopy } from '../integrity/schemas.ts';
import { expectedCopy, repairState, replica, reportAnswer } from './schemas.ts';

const oneCopy = z.object({ locationId, object: objectName });

/** The first digits of an object's name. */
const hexPrefix = z.string().regex(/^[0-9a-f]{0,64}$/, 'must be the first hex digits of a name');

export const vaultMessages = {
  /**
   * The replicas of a library's versions, in order of version id; of the named versions only, when some are named. Those in
   * locations that are not configured any more stand in it only where a version has no others.
   */
  replicasPage: question({
    service: 'vault',
    name: 'replicas-page',
    peers: ['integrity-checker'],
    access: can('verify', 'Library'),
    input: z.object({
      libraryId,
      versionIds: z.array(versionId).min(1).max(limits.versionsPerVerification).optional(),
      after: versionId.optional(),
      /** Versions, not replicas: a version's replicas are never split over pages. */
      limit: z.int().min(1).max(limits.versionsPerVerification),
    }),
    output: z.object({ replicas: z.array(replica), next: versionId.nullable() }),
  }),
  /** The copies that a location should hold, in order of name, within a slice of the hash space. */
  replicaSlice: question({
    service: 'vault',
    name: 'replica-slice',
    peers: ['integrity-checker'],
    input: z.object({
      locationId,
      /** The lowest name, or its first hex digits; inclusive. */
      from: hexPrefix,
      /** Exclusive; to the end of the hash space when left out. */
      to: hexPrefix.optional(),
      after: objectName.optional(),
      limit: z.int().min(1).max(limits.objectsPerQuestion),
    }),
    output: z.object({
      copies: z.array(expectedCopy).max(limits.objectsPerQuestion),
      next: objectName.nullable(),
    }),
  }),
  /** Copies that were read twice and are not good. Vault looks for itself before it changes a file. Safe to repeat. */
  reportFindings: question({
    service: 'vault',
    name: 'report-findings',
    peers: ['integrity-checker'],
    input: z.object({
      findings: z
        .array(oneCopy.extend({ kind: badCopy }))
        .min(1)
        .max(limits.objectsPerQuestion),
    }),
    /** In the order of the findings. */
    output: z.object({ answers: z.array(reportAnswer).max(limits.objectsPerQuestion) }),
  }),
  /** What became of copies. */
  repairsOf: question({
    service: 'vault',
    name: 'repairs-of',
    peers: ['integrity-checker'],
    input: z.object({ copies: z.array(oneCopy).min(1).max(limits.objectsPerQuestion) }),
    /** In the order of the copies. */
    output: z.object({ states: z.array(repairState).max(limits.objectsPerQuestion) }),
  }),
  /** A nudge: rows are waiting for a copy to be made or repaired. */
  copiesWanted: broadcast({ service: 'vault', name: 'copies-wanted', peers: ['vault'], input: z.object({}) }),
};
