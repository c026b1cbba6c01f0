import { describe, expect, it } from '@jest/globals';
import { allMessages, allRoutes } from '@heirloom/contracts';
import { aims } from '../matrix/aims.ts';
import { describeMatrix } from '../matrix/describe-matrix.ts';
import { inputFor } from '../refusals/inputs.ts';
import { requestFor } from '../refusals/requests.ts';

const ids = (contracts: readonly { id: string }[]) => contracts.map(({ id }) => id).sort();

describe('the matrix', () => {
  it('has a request for every route and an input for every message', () => {
    expect(Object.keys(requestFor).sort()).toEqual(ids(allRoutes));
    expect(Object.keys(inputFor).sort()).toEqual(ids(allMessages));
  });

  it('is aimed at things of routes and messages that there are', () => {
    const declared = new Set([...allRoutes, ...allMessages].map(({ id }) => id));
    expect(Object.keys(aims).filter((id) => !declared.has(id))).toEqual([]);
  });

  it('knows whose thing it is wherever an address names one', () => {
    const known = new Set([
      ...Object.keys(aims),
      // The family of the asker decides, whatever the id.
      'family.invites.revoke',
      'family.members.change-role',
      'family.epochs.create',
    ]);
    const addressed = allRoutes.filter(
      ({ access, path }) => typeof access === 'object' && path.includes(':'),
    );
    expect(ids(addressed).filter((id) => !known.has(id))).toEqual([]);
  });
});

describeMatrix('cluster');
