import { expect, test } from 'vitest';
import en from '@/lib/i18n/en/jobs.json';
import zh from '@/lib/i18n/zh-CN/jobs.json';
import { TERMINAL_REASONS } from '@/lib/store/schema';

test('every reason that the journal can hold has a text', () => {
  const wanted = [...TERMINAL_REASONS, 'already_redriven'].sort();
  expect(Object.keys(en.reasons).sort()).toEqual(wanted);
  expect(Object.keys(zh.reasons).sort()).toEqual(wanted);
});
