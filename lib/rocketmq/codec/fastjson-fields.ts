import { CodecError } from './codec-error';
import type { FastjsonKey, FastjsonObject, FastjsonValue } from './fastjson';
import { isObject } from './fastjson-references';

type Field = FastjsonValue | undefined;

/** The body must be an object; anything else says which body was broken. */
export function requireObject(value: Field, what: string): FastjsonObject {
  if (!isObject(value)) throw new CodecError(what, 'object expected');
  return value;
}

/** Entries of an object or of a map with complex keys; none for a missing (null) field. */
export function entriesOf(value: Field): [FastjsonKey, FastjsonValue][] {
  if (value instanceof Map) return [...value.values()].map((entry) => [entry.key, entry.value]);
  return isObject(value) ? Object.entries(value) : [];
}

export function arrayOf(value: Field): FastjsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: Field): FastjsonObject {
  return isObject(value) ? value : EMPTY;
}

export function textOf(value: Field): string | null {
  return typeof value === 'string' ? value : null;
}

export function textsOf(value: Field): string[] {
  return arrayOf(value).filter((item) => typeof item === 'string');
}

export function booleanOf(value: Field): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** Doubles such as TPS; null when missing or no number. */
export function doubleOf(value: Field): number | null {
  return typeof value === 'number' ? value : null;
}

/** A Java long or int, also as digits in a string; null when missing or a sentinel beyond 2^53. */
export function integerOf(value: Field): number | null {
  const number = typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** As {@link integerOf}, for fields every version of the class has. */
export function requireInteger(object: FastjsonObject, field: string, what: string): number {
  const value = integerOf(object[field]);
  if (value === null) throw new CodecError(what, `${field} is not a safe integer`);
  return value;
}

const EMPTY: FastjsonObject = Object.freeze(Object.create(null));
