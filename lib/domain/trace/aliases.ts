import type { Ctx } from '../ctx';

/** Other unique keys of the same message: a redrive may have been told to give its copies new ones. */
export async function aliasesOf(
  { store, cluster }: Pick<Ctx, 'store' | 'cluster'>,
  uniqKey: string,
): Promise<string[]> {
  const pairs = await store.db
    .selectFrom('attempt')
    .innerJoin('item', (join) =>
      join.onRef('item.operationId', '=', 'attempt.operationId').onRef('item.n', '=', 'attempt.n'),
    )
    .innerJoin('operation', 'operation.id', 'item.operationId')
    .select(['item.srcUniqKey', 'attempt.uniqKey'])
    .distinct()
    .where('operation.cluster', '=', cluster)
    .where((where) => where.or([where('item.srcUniqKey', '=', uniqKey), where('attempt.uniqKey', '=', uniqKey)]))
    .limit(50)
    .execute();
  const keys = new Set(pairs.flatMap(({ srcUniqKey, uniqKey: copy }) => [srcUniqKey, copy]));
  keys.delete(uniqKey);
  keys.delete('');
  return [...keys];
}
