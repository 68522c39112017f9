import { NotFoundView } from '@/components/shell/not-found';

export const dynamic = 'force-dynamic';

export default function NotFound() {
  return (
    <main className="page">
      <NotFoundView />
    </main>
  );
}
