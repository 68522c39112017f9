/** A record by place: the id that lists hand out and details take. */
export interface RecordPlace {
  broker: string;
  /** Commit log position. */
  physicalOffset: number;
}

export const recordIdOf = ({ broker, physicalOffset }: RecordPlace): string => `${broker}:${physicalOffset}`;

/** Reads what {@link recordIdOf} wrote; null for any other text. */
export function parseRecordId(id: string): RecordPlace | null {
  const [, broker, offset] = /^([^:]+):(\d{1,16})$/.exec(id) ?? [];
  const physicalOffset = Number(offset);
  return broker !== undefined && Number.isSafeInteger(physicalOffset) ? { broker, physicalOffset } : null;
}
