/** How far back deaths are told by the hour. */
export const DEATH_HOURS = 24;

/** Deaths per hour, oldest first, of counts by hours before now (0 is the last one). */
export function hoursOf(deaths: readonly { hour: number; count: number }[]): number[] {
  const hours = new Array<number>(DEATH_HOURS).fill(0);
  for (const { hour, count } of deaths) {
    const index = DEATH_HOURS - 1 - Math.floor(hour);
    hours[index] = (hours[index] ?? 0) + count;
  }
  return hours;
}
