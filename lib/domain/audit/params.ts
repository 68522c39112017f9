import { createHash } from 'node:crypto';

interface Cause {
  property?: unknown;
}
const SECRET = /password|secret|token|authorization|cookie|credential/i;

/** What of parameters may be kept for good: secrets are left out, bodies are told by size and hash, keys by their size, properties and causes by their names. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (member === null || member === undefined) return [name, member];
      if (SECRET.test(name)) return [name, '***'];
      if (name === 'body' && typeof member === 'string') return [name, digestOf(member)];
      // Whoever reads the trail may not be allowed to read messages.
      if (name === 'keys' && typeof member === 'string') return [name, { bytes: Buffer.byteLength(member) }];
      if (name === 'cause' && typeof member === 'object') return [name, { property: (member as Cause).property }];
      if (name === 'properties' && typeof member === 'object') return [name, Object.keys(member).sort()];
      return [name, withoutSecrets(member)];
    }),
  );
}

const digestOf = (text: string) => ({
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});
