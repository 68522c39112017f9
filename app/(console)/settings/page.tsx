import { redirect } from 'next/navigation';

/** What everybody has: one's own permissions. */
export default function SettingsPage() {
  redirect('/settings/permissions');
}
