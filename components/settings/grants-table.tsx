'use client';
import { ShortTable } from '@/components/shared/short-table';
import type { Grant } from '@/lib/contract/permissions';
import { useT } from '@/lib/i18n/use-t';
import { PERMISSION_NAMES } from './permission-list';

/** What is allowed, and where; what is not is said too. */
export function GrantsTable({
  grants,
  within,
  caption,
}: {
  grants: readonly Grant[];
  within: Grant | null;
  caption: string;
}) {
  const t = useT('settings');
  const shell = useT('shell');
  return (
    <ShortTable
      caption={caption}
      height=""
      heads={[
        { id: 'permission', label: t('permission') },
        { id: 'clusters', label: t('clusters') },
        { id: 'groups', label: t('groups') },
        { id: 'topics', label: t('topics') },
      ]}
    >
      {PERMISSION_NAMES.flatMap((permission) => {
        // Two roles may allow the same.
        const allowing = [
          ...new Map(
            grants
              .filter(({ allow }) => allow.includes(permission))
              .map(({ clusters, groups, topics }) => [
                JSON.stringify([clusters, groups, topics]),
                { clusters, groups, topics },
              ]),
          ),
        ];
        const isOutside = within !== null && !within.allow.includes(permission);
        const name = shell(`permissions.${permission}`);
        if (allowing.length === 0 || isOutside)
          return [
            <tr key={permission}>
              <th scope="row" className="fg3">
                {name}
              </th>
              <td className="fg3" colSpan={3}>
                {t('notAllowed')}
              </td>
            </tr>,
          ];
        return allowing.map(([key, { clusters, groups, topics }], index) => (
          <tr key={`${permission} ${key}`}>
            <th scope="row">{index === 0 ? name : <span className="sr">{name}</span>}</th>
            {[clusters, groups, topics].map((patterns, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: three columns that never move
              <td key={column} className={patterns.includes('*') ? undefined : 'mono'}>
                {patterns.includes('*') ? t('every') : patterns.length === 0 ? t('none') : patterns.join(', ')}
              </td>
            ))}
          </tr>
        ));
      })}
    </ShortTable>
  );
}
