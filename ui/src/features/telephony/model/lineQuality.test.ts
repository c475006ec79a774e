import { expect, test } from 'vitest';
import { isGood, qualityOf } from './lineQuality';

test('counts loss over all audio and takes the round trip of the path in use', () => {
  const quality = qualityOf([
    { type: 'candidate-pair', nominated: false, currentRoundTripTime: 0.9 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.0384 },
    { type: 'inbound-rtp', packetsReceived: 990, packetsLost: 10 },
  ]);
  expect(quality).toEqual({ roundTripMs: 38, lost: 0.01 });
});

test('says nothing before the first packet', () => {
  expect(qualityOf([])).toBeNull();
  expect(qualityOf([{ type: 'inbound-rtp' }])).toBeNull();
});

test('negative loss, as duplicates make it, is none', () => {
  expect(qualityOf([{ type: 'inbound-rtp', packetsReceived: 10, packetsLost: -2 }])?.lost).toBe(0);
});

test.each([
  [{ roundTripMs: 38, lost: 0.001 }, true],
  [{ roundTripMs: 38, lost: 0.05 }, false],
  [{ roundTripMs: 400, lost: 0 }, false],
  [{ roundTripMs: null, lost: 0 }, true],
])('%j is good: %s', (quality, good) => {
  expect(isGood(quality)).toBe(good);
});
