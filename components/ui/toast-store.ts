import type { ReactNode } from 'react';

export type ToastTone = 'ok' | 'info' | 'viol' | 'warn' | 'crit';
export type ToastMessage = {
  id: number;
  tone: ToastTone;
  text: ReactNode;
  action?: { label: string; onSelect: () => void } | undefined;
};

let messages: readonly ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const publish = (next: readonly ToastMessage[]) => {
  messages = next;
  for (const listener of listeners) listener();
};

export const toastStore = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  read: () => messages,
  readOnServer: (): readonly ToastMessage[] => NONE,
  dismiss: (id: number) => publish(messages.filter((message) => message.id !== id)),
};
const NONE: readonly ToastMessage[] = [];

/** Says something at the bottom right for 6 s; `crit` stays. Never the only place of a result. */
export function toast(message: {
  tone?: ToastTone;
  text: ReactNode;
  action?: { label: string; onSelect: () => void };
}): void {
  lastId += 1;
  publish(
    [...messages, { id: lastId, tone: message.tone ?? 'ok', text: message.text, action: message.action }].slice(-4),
  );
}
