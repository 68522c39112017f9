import { NotFoundView } from '@/components/shell/not-found';

export default function NotFound() {
  return <NotFoundView />;
}
