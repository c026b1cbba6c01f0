import { describe, expect, it } from '@jest/globals';
import { factsOf } from './tags.ts';

describe('factsOf', () => {
  it('reads time, camera, place and orientation', () => {
    expect(
      factsOf({
        DateTimeOriginal: '2008:05:30 15:56:01',
        SubSecTimeOriginal: '07',
        OffsetTimeOriginal: '-02:30',
        Make: 'Canon\0\0',
        Model: ' EOS 40D ',
        Orientation: 6,
        ExifImageWidth: 4000,
        ExifImageHeight: 3000,
        latitude: 52.5,
        longitude: -13.25,
        GPSAltitude: 34,
        GPSAltitudeRef: Uint8Array.of(1),
      }),
    ).toEqual({
      takenAt: { local: '2008-05-30T15:56:01.07', offsetMinutes: -150 },
      camera: { make: 'Canon', model: 'EOS 40D' },
      orientation: 6,
      width: 4000,
      height: 3000,
      place: { lat: 52.5, lon: -13.25, alt: -34 },
    });
  });

  it('leaves out what makes no sense', () => {
    expect(
      factsOf({
        DateTimeOriginal: '0000:00:00 00:00:00',
        CreateDate: '2020:02:30 10:00:00',
        Orientation: 9,
        Make: 7,
        Model: '\0',
        latitude: Number.NaN,
        longitude: 200,
        ExifImageWidth: 0,
      }),
    ).toEqual({});
  });
});
