import { expect, test } from 'vitest';
import { readVisit, SAME_VISIT_MS, visitAt } from './visit';

const NOON = Date.UTC(2026, 10, 21, 12);

test('the first visit has nothing new', () => {
  expect(visitAt(NOON, null)).toEqual({ newSince: null, seenAt: NOON });
});

test('a later visit marks what died since the one before was last looked at', () => {
  const later = visitAt(NOON + SAME_VISIT_MS, { newSince: null, seenAt: NOON });
  expect(later).toEqual({ newSince: NOON, seenAt: NOON + SAME_VISIT_MS });
});

test('a reload and a short absence keep the marks', () => {
  const again = visitAt(NOON + SAME_VISIT_MS - 1, { newSince: NOON - 3_600_000, seenAt: NOON });
  expect(again.newSince).toBe(NOON - 3_600_000);
});

test('a clock that was set back, and text of somebody else, are a first visit', () => {
  expect(visitAt(NOON, { newSince: 1, seenAt: NOON + 1 }).newSince).toBeNull();
  for (const text of [null, '', 'x', '7', '{}', '{"seenAt":"1"}', '{"seenAt":1,"newSince":"2"}'])
    expect(readVisit(text)).toBeNull();
  expect(readVisit('{"newSince":null,"seenAt":5}')).toEqual({ newSince: null, seenAt: 5 });
});
