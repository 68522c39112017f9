import { expect, it, vi } from 'vitest';
import { crashWhenAt } from './crash-at';

it('kills at the n-th visit to its point and at no other', () => {
  const kill = vi.fn();
  const crashPoint = crashWhenAt({ point: 'result_committed', count: 2 }, kill);
  crashPoint('during_lane_scan');
  crashPoint('result_committed');
  expect(kill).not.toHaveBeenCalled();
  crashPoint('result_committed');
  crashPoint('result_committed');
  expect(kill).toHaveBeenCalledOnce();
});
