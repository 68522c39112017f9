'use client';
import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { toastStore } from './toast-store';

/** Loads radix Toast with the first message: its server markup would carry an inline style. */
export function Toaster() {
  const messages = useSyncExternalStore(toastStore.subscribe, toastStore.read, toastStore.readOnServer);
  const [List, setList] = useState<ComponentType | null>(null);
  const isNeeded = messages.length > 0;
  useEffect(() => {
    if (isNeeded) import('./toast-list').then(({ ToastList }) => setList(() => ToastList));
  }, [isNeeded]);
  return List ? <List /> : null;
}
