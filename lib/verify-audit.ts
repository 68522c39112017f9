// npm run audit:verify: walks the hash chain of a data directory, also beside the console that runs on it. Exit code 0: whole, 1: broken, 2: not read.
import process from 'node:process';
import { verifyTrail } from './store/verify-trail';

const { code, said } = await verifyTrail(process.argv.slice(2), process.env.REDRIVE_DATA_DIR);
(code === 2 ? console.error : console.log)(said);
process.exitCode = code;
