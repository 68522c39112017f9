const MINT = Symbol('mint');

/** Leave to change something on a cluster: who, where, under which operation. Minted by `mutation()` alone. */
export class WriteCapability {
  constructor(
    key: symbol,
    readonly operationId: string,
    readonly actor: string,
    readonly cluster: string,
  ) {
    if (key !== MINT) throw new Error('A WriteCapability is minted by mutation() only.');
  }
}

/** For lib/domain/mutation.ts; the import table of biome.json refuses every other importer. */
export function mintWriteCapability(operationId: string, actor: string, cluster: string): WriteCapability {
  return new WriteCapability(MINT, operationId, actor, cluster);
}
