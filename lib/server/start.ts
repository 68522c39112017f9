import 'server-only';
import { openStore } from '@/lib/store/open';
import { ConfigurationError } from './configuration-error';
import { readSettings } from './env';
import { log } from './log';
import { isRunning } from './runtime';
import { watchRequests } from './watch-requests';

/** Starts what lives as long as the process: store, clients, sweeps, job runner. Called once by instrumentation. */
export async function start(): Promise<void> {
  if (isRunning()) return;
  const { REDRIVE_BEHIND_TLS, REDRIVE_ORIGIN } = process.env;
  const whenAnswered = watchRequests({
    isBehindProxy: REDRIVE_BEHIND_TLS === 'true' || REDRIVE_BEHIND_TLS === '1',
    isHttps: REDRIVE_ORIGIN?.startsWith('https:') === true,
  });
  try {
    const settings = readSettings(process.env);
    for (const sentence of settings.warnings) log.warn(sentence);
    // The store opens in its own thread while this one loads all that sweeps and jobs consist of.
    const [store, { startBackground }] = await Promise.all([
      openStore({ dir: settings.dataDir, ...(settings.storePages && { maxPages: settings.storePages }) }),
      import('./background'),
    ]);
    await startBackground(settings, store, whenAnswered);
  } catch (error) {
    if (error instanceof ConfigurationError || (error instanceof Error && error.name === 'StoreError')) {
      console.error(`\nRedrive did not start. ${error.message}\n`);
    } else {
      log.error({ err: error }, 'Redrive did not start');
    }
    process.exit(1);
  }
}
