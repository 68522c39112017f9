import { NotFoundView } from '@/components/shell/not-found-view';

export const dynamic = 'force-dynamic';

export default function NotFound() {
  return (
    <main className="page">
      <NotFoundView />
    </main>
  );
}
