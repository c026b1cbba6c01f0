import { describe, expect, it } from '@jest/globals';
import { SpeedMeter } from './speed-meter.ts';

describe('a speed meter', () => {
  it('says nothing before there is something to say', () => {
    let now = 0;
    const meter = new SpeedMeter(() => now);
    expect(meter.perSecond()).toBeNull();
    meter.note(1000);
    now = 1_000;
    expect(meter.perSecond()).toBeNull();
  });

  it('counts the last quarter of a minute alone', () => {
    let now = 0;
    const meter = new SpeedMeter(() => now);
    for (; now <= 60_000; now += 1_000) meter.note(now < 40_000 ? 1_000_000 : 2_000);
    now = 60_000;
    expect(meter.perSecond()).toBeCloseTo(2_000, -2);
  });

  it('takes back what the server lost', () => {
    let now = 0;
    const meter = new SpeedMeter(() => now);
    meter.note(5_000);
    now = 4_000;
    meter.note(-5_000);
    expect(meter.perSecond()).toBeNull();
  });
});
