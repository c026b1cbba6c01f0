import { describe, expect, it } from '@jest/globals';
import { columnsOf, PhotoList } from '../media/photo-list.ts';
import { nextPhoto } from './next-photo.ts';

const listOf = (...ids: string[]) =>
  new PhotoList(
    columnsOf(
      ids.map((photo) => ({
        collection: 'library',
        photo,
        version: photo,
        takenAt: 0,
        aspect: 1,
        kind: 'image',
        durationMs: null,
        name: `${photo}.jpg`,
        hasThumbnail: true,
        isFavourite: false,
        problem: null,
      })),
    ),
  );
const three = listOf('a', 'b', 'c');

describe('a step from one photo to the next', () => {
  it('goes on from what is shown, and ends at the ends', () => {
    expect(nextPhoto(three, 'a', null, 1)).toBe('b');
    expect(nextPhoto(three, 'b', null, -1)).toBe('a');
    expect(nextPhoto(three, 'a', null, -1)).toBeNull();
    expect(nextPhoto(three, 'c', null, 1)).toBeNull();
  });

  it('goes on from what was asked for while the one before is still shown', () => {
    expect(nextPhoto(three, 'a', 'b', 1)).toBe('c');
    expect(nextPhoto(three, 'a', 'c', 1)).toBeNull();
  });

  it('also where a list made anew has what was asked for in another place', () => {
    expect(nextPhoto(listOf('new', 'a', 'b', 'c'), 'a', 'b', 1)).toBe('c');
  });

  it('goes on from what is shown where a list made anew lacks what was asked for', () => {
    expect(nextPhoto(listOf('a', 'c'), 'a', 'b', 1)).toBe('c');
  });
});
