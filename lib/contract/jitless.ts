import { z } from 'zod';

/** Zod's compiled parsers need `eval`, which the console's policy forbids in a browser; the probe alone is a violation. */
if (typeof window !== 'undefined') z.config({ jitless: true });
