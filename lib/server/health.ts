import 'server-only';
import { isOwnHost } from './host';
import { isRunning, runtime } from './runtime';

export const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Liveness: the process answers. */
export const liveness = (request: Request): Response =>
  guarded(request, () => Response.json({ status: 'ok' }, { headers: HEADERS }));

/** Readiness: the runtime is up and each cluster has had its first sweep, successful or not. Says nothing else (safety C43). */
export const readiness = (request: Request): Response =>
  guarded(request, () => {
    const isReady =
      isRunning() &&
      [...runtime().clusters.values()].every(
        ({ sweeper }) => sweeper.snapshot() !== null || sweeper.lastError() !== null,
      );
    return Response.json({ status: isReady ? 'ready' : 'starting' }, { status: isReady ? 200 : 503, headers: HEADERS });
  });

/** For answers that concern no cluster. */
export function guarded(request: Request, answer: () => Response): Response {
  return isOwnHost(request.headers.get('host')) ? answer() : new Response(null, { status: 421, headers: HEADERS });
}
