/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  // The store's worker is started by path, and its native module is loaded there: tracing sees neither.
  outputFileTracingIncludes: {
    '/**': [
      './lib/store/worker.mjs',
      './node_modules/libsql/**',
      './node_modules/@libsql/**',
      './node_modules/@neon-rs/**',
      './node_modules/detect-libc/**',
    ],
  },
  serverExternalPackages: ['libsql', 'pino'],
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  // A console is asked for few of its pages: each is loaded when it first is, not all of them before the first answer.
  experimental: { preloadEntriesOnStart: false },
  images: { unoptimized: true },
  devIndicators: false,
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'no-referrer' },
          { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        ],
      },
    ];
  },
};

export default config;
