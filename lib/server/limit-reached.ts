import 'server-only';

/** More is asked than one account, or all together, may ask. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  /** By name: the runtime's class is not that of the bundle that catches it. */
  static [Symbol.hasInstance](value: unknown): value is LimitReached {
    return value instanceof Error && value.name === 'LimitReached';
  }

  constructor(
    /** In lib/i18n `errors`. */
    readonly key: string,
    readonly params: { max: number; retryAfterS: number },
    /** Of the asker alone: others are not affected. */
    readonly isOwn: boolean,
  ) {
    super(key);
  }
}
