import type { QueryClient } from '@tanstack/react-query';
import { isMoving, jobDetailQuery, jobFileUrl } from '@/lib/queries/jobs';

const LOOKS = 10;
const LOOK_EVERY_MS = 1_000;

/** Address of the file of an export that ends within seconds; null when it takes longer, failed, or cannot be asked. */
export async function exportFile(client: QueryClient, input: { cluster: string; id: string }): Promise<string | null> {
  for (let look = 0; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const job = await client.fetchQuery({ ...jobDetailQuery(input), staleTime: 0, retry: false }).catch(() => null);
    if (!job) return null;
    if (!isMoving(job.state)) return job.file ? jobFileUrl(input) : null;
  }
  return null;
}
