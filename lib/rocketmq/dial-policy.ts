import { BlockList, isIP } from 'node:net';
import { parseAddress } from '../remoting/address';

// Never a broker, and where a forged route would point: cloud metadata, "this host", multicast.
const ALWAYS_SUSPECT = ['169.254.0.0/16', '0.0.0.0/8', '224.0.0.0/4', 'fe80::/10', 'ff00::/8', '::/128'];

const DECISIONS_KEPT = 1000;

/**
 * Which addresses out of a NameServer's answer may be dialled. `allow` lists CIDR blocks, addresses, host names and
 * `*.suffix`; without it everything but link-local, unspecified and multicast addresses passes.
 */
export class DialPolicy {
  readonly #blocks: BlockList | null;
  readonly #hosts = new Set<string>();
  readonly #suffixes: string[] = [];
  readonly #suspects = new BlockList();
  /** Asked for every request, of few addresses. */
  readonly #decided = new Map<string, boolean>();

  constructor(allow?: readonly string[]) {
    for (const block of ALWAYS_SUSPECT) addBlock(this.#suspects, block);
    this.#blocks = allow ? new BlockList() : null;
    for (const entry of allow ?? []) {
      if (this.#blocks && addBlock(this.#blocks, entry)) continue;
      if (entry.startsWith('*.')) this.#suffixes.push(entry.slice(1).toLowerCase());
      else this.#hosts.add(entry.toLowerCase());
    }
  }

  allows(address: string): boolean {
    const before = this.#decided.get(address);
    if (before !== undefined) return before;
    const target = parseAddress(address);
    const allowed = target !== null && this.allowsHost(target.host);
    if (this.#decided.size >= DECISIONS_KEPT) this.#decided.clear();
    this.#decided.set(address, allowed);
    return allowed;
  }

  allowsHost(host: string): boolean {
    const family = isIP(host);
    if (family === 0) return this.#allowsName(host.toLowerCase());
    const type = family === 4 ? 'ipv4' : 'ipv6';
    return this.#blocks ? this.#blocks.check(host, type) : !this.#suspects.check(host, type);
  }

  /** Whether a name that passed may lead to this address: the operator vouches for names, not for where DNS points. */
  allowsResolved(ip: string): boolean {
    return (this.#blocks?.check(ip, familyOf(ip)) ?? false) || !this.#suspects.check(ip, familyOf(ip));
  }

  #allowsName(host: string): boolean {
    if (!this.#blocks) return true;
    return this.#hosts.has(host) || this.#suffixes.some((suffix) => host.endsWith(suffix));
  }
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4';
}

/** False when the entry is neither an address nor a CIDR block. */
function addBlock(list: BlockList, entry: string): boolean {
  const [ip = '', bits] = entry.split('/');
  if (isIP(ip) === 0) return false;
  const widest = familyOf(ip) === 'ipv4' ? 32 : 128;
  list.addSubnet(ip, bits === undefined ? widest : Number(bits), familyOf(ip));
  return true;
}
