import { CodecError } from './codec-error';
import type { FastjsonKey, FastjsonMap, FastjsonObject, FastjsonValue } from './fastjson';

export function isObject(value: FastjsonValue | undefined): value is FastjsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** `topic@brokerName@queueId` for a MessageQueue, the sorted fields for any other object. */
export function canonicalKey(key: FastjsonKey): string {
  if (typeof key === 'string') return key;
  if ('topic' in key && 'brokerName' in key && 'queueId' in key) {
    return `${key.topic}@${key.brokerName}@${key.queueId}`;
  }
  return Object.keys(key)
    .sort()
    .map((name) => `${name}=${canonicalText(key[name])}`)
    .join(',');
}

function canonicalText(value: FastjsonValue | undefined): string {
  return isObject(value) ? `{${canonicalKey(value)}}` : String(value);
}

/**
 * Replaces `{"$ref":"$.path"}` by what the path names. fastjson writes it when one Java instance is
 * reached twice. A reference to something that is still open (`@`, `..`, `$`) is a cycle and refused.
 */
export function resolveReferences(root: FastjsonValue, endOf: Map<object, number>): FastjsonValue {
  return visit(root);

  function visit(value: FastjsonValue): FastjsonValue {
    if (isObject(value)) return '$ref' in value ? target(value) : visitFields(value);
    if (Array.isArray(value))
      value.forEach((item, index) => {
        value[index] = visit(item);
      });
    else if (value instanceof Map) visitMap(value);
    return value;
  }

  function visitFields(object: FastjsonObject): FastjsonObject {
    for (const [name, value] of Object.entries(object)) object[name] = visit(value);
    return object;
  }

  function visitMap(map: FastjsonMap): void {
    const entries = [...map.values()];
    map.clear();
    for (const entry of entries) {
      const key = typeof entry.key === 'string' ? entry.key : visit(entry.key);
      if (typeof key !== 'string' && !isObject(key)) throw unresolved(entry.key);
      map.set(canonicalKey(key), { key, value: visit(entry.value) });
    }
  }

  function target(reference: FastjsonObject): FastjsonValue {
    const path = reference.$ref;
    if (typeof path !== 'string' || Object.keys(reference).length > 1 || !path.startsWith('$')) throw unresolved(path);
    let found: FastjsonValue | undefined = root;
    for (const step of steps(path)) found = child(found, step);
    if (typeof found !== 'object' || found === null) throw unresolved(path);
    const end = endOf.get(found);
    if (end === undefined || end >= (endOf.get(reference) ?? 0) || (isObject(found) && '$ref' in found)) {
      throw unresolved(path);
    }
    return found;
  }
}

/** `$.a.b[0]`; fastjson puts a backslash before every character of a name that is no letter or digit. */
function steps(path: string): string[] {
  return [...path.slice(1).matchAll(/\.((?:\\.|[^.\\[])+)|\[(\d+)\]/gs)].map(
    ([, name, index]) => index ?? (name ?? '').replace(/\\(.)/gs, '$1'),
  );
}

function child(parent: FastjsonValue | undefined, step: string): FastjsonValue | undefined {
  if (Array.isArray(parent)) return parent[Number(step)];
  if (parent instanceof Map) return parent.get(step)?.value;
  return isObject(parent) ? parent[step] : undefined;
}

function unresolved(path: unknown): CodecError {
  return new CodecError('fastjson', `reference cannot be resolved: ${String(path).slice(0, 200)}`);
}
