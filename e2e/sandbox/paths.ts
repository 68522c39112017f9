import { fileURLToPath } from 'node:url';

/** The folder of the Java sources and the pom. */
export const SANDBOX = fileURLToPath(new URL('.', import.meta.url));

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
