import { describe, expect, it } from 'vitest';
import { Turns } from './turns';

function watched() {
  const turns = new Turns();
  const began: string[] = [];
  const enter = (name: string, alone = false) => turns.enter(alone, () => void began.push(name));
  return { began, enter };
}

describe('turns', () => {
  it('lets any number share', () => {
    const { began, enter } = watched();
    enter('a');
    enter('b');
    expect(began).toEqual(['a', 'b']);
  });

  it('lets one alone wait for all, and all that come later wait for it', () => {
    const { began, enter } = watched();
    const leave = [enter('a'), enter('b')];
    const leaveAlone = enter('alone', true);
    enter('late');
    leave[0]?.();
    expect(began).toEqual(['a', 'b']);
    leave[1]?.();
    expect(began).toEqual(['a', 'b', 'alone']);
    leaveAlone();
    expect(began).toEqual(['a', 'b', 'alone', 'late']);
  });

  it('forgets who leaves while it waits, and counts nobody out twice', () => {
    const { began, enter } = watched();
    const leave = enter('a');
    const giveUp = enter('alone', true);
    enter('late');
    giveUp();
    expect(began).toEqual(['a', 'late']);
    leave();
    leave();
    enter('alone again', true);
    expect(began).toEqual(['a', 'late']);
  });
});
