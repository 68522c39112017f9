import 'server-only';
import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A text that must not be shown: however it is printed, logged or sent, it says `[redacted]`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For signing alone. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
