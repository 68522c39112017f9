// Child of run.mjs: fetches the jars of brokers, Proxy and clients while other checks run. What is missing is said by those who need it.
import { LEGACY_VERSION } from './legacy';
import { provision, provisionGrpc } from './provision';

provisionGrpc()
  .then(() => provision(LEGACY_VERSION))
  .catch(() => process.exit(1));
