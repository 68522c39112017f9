'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Banner } from '@/components/shared/banner';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { watchActivity } from '@/lib/queries/activity';
import { meQuery } from '@/lib/queries/me';
import { RaisedMark } from './raised-mark';

/** Said so long before the session ends by itself, ms. */
const NOTICE_MS = 3 * 60_000;

/** What is to be known of the session: a raised role, and in time that it is about to end; any sign of a person puts it off, and so does the button. */
export function SessionWatch() {
  const t = useT('shell');
  const f = useFormat();
  const client = useQueryClient();
  const { data } = useQuery(meQuery());
  useEffect(watchActivity, []);
  const session = data?.session;
  if (!data || !session) return null;
  const raised = data.raise ? <RaisedMark raise={data.raise} now={data.now} /> : null;
  const endsAt = Math.min(session.idleEndsAt, session.endsAt);
  if (endsAt - data.now > NOTICE_MS) return raised;
  const isFinal = session.endsAt <= session.idleEndsAt;
  return (
    <>
      {raised}
      <Banner
        tone="warn"
        actions={
          isFinal ? null : (
            <Button size="small" onClick={() => client.invalidateQueries(meQuery())}>
              {t('staySignedIn')}
            </Button>
          )
        }
      >
        {t(isFinal ? 'sessionEnds' : 'sessionIdles', { time: f.time(endsAt) })}
      </Banner>
    </>
  );
}
