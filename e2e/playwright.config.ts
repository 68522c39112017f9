import { defineConfig } from '@playwright/test';

/**
 * Three workers share one real cluster: most of a test is waiting for it. No retries: they hide flakes. The limits are for
 * what never comes, also on a machine that is busy; what has to be quick is measured by the tests themselves.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './global-setup.ts',
  outputDir: '../test-results/browser',
  workers: 3,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'Asia/Shanghai',
    // axe reads colours as they are: not in the middle of a fade.
    contextOptions: { reducedMotion: 'reduce' },
    // Recording one costs a third of the run: PWDEBUG or --trace on when a failure needs it.
    trace: 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 30_000,
    navigationTimeout: 40_000,
    launchOptions: {
      executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
