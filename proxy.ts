import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy } from '@/lib/server/csp';
import { isOwnHost } from '@/lib/server/host';
import { isRunning, runtime } from '@/lib/server/runtime';
import { MALFORMED_URL_HEADER } from '@/lib/server/url-escapes';

/** Next reads the nonce from the request's policy header; whatever a client sent there is overwritten. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!isOwnHost(request.headers.get('host'))) {
    return refuse(
      421,
      'This console does not answer to that name. REDRIVE_ORIGIN says under which address it is reached.',
    );
  }
  if (request.headers.has(MALFORMED_URL_HEADER)) {
    return refuse(400, 'The address holds a malformed percent escape. Write a literal % as %25.');
  }
  const refusal = isRunning() ? await runtime().pageDoor(request.headers) : null;
  if (refusal) return refuse(refusal.status, refusal.text, { 'retry-after': String(refusal.afterS) });
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('x-redrive-address', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', policy);
  const response = withoutAnswer(request, headers) ?? NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('cache-control', 'no-store');
  return response;
}

/** What an OpenID provider sends along is for the page's script alone: it must not come back in the page's own text. */
function withoutAnswer({ nextUrl }: NextRequest, headers: Headers): NextResponse | null {
  if (nextUrl.pathname !== '/sign-in/callback' || nextUrl.search === '') return null;
  headers.set('x-redrive-address', nextUrl.pathname);
  return NextResponse.rewrite(new URL(nextUrl.pathname, nextUrl), { request: { headers } });
}

function refuse(status: number, sentence: string, more: Record<string, string> = {}): NextResponse {
  return new NextResponse(`${sentence}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(''),
      ...more,
    },
  });
}

/** The API sets its own headers and checks (lib/server/endpoint.ts); static files carry no secrets. */
export const config = { matcher: ['/((?!api/|_next/static/|icon\\.svg$|healthz$|readyz$).*)'] };
