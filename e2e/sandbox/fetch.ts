// Child of run.mjs: fetches the jars of brokers, Proxy and clients while other checks run. What is missing is said by those who need it.
import { provisionGrpc } from './provision';

provisionGrpc().catch(() => process.exit(1));
