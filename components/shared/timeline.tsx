import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';
import type { Tone } from './status-word';

export type TimelineEvent = {
  id: string;
  time: ReactNode;
  tone: Tone;
  icon: IconName;
  title: ReactNode;
  detail?: ReactNode;
};

export function Timeline({
  events,
  short = false,
  label,
}: {
  events: readonly TimelineEvent[];
  short?: boolean;
  label?: string;
}) {
  return (
    <ol className={`tl${short ? ' short' : ''}`} aria-label={label}>
      {events.map((event) => (
        <li key={event.id}>
          <span className="small fg3 tr nowrap">{event.time}</span>
          <Icon name={event.icon} className={event.tone} />
          <div>
            {event.title}
            {event.detail ? <div className="small fg2">{event.detail}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
