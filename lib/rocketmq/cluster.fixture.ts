import { answerTo, listen, type Script, type ScriptedServer } from '../remoting/scripted-server.fixture';
import { type ClientOptions, RocketMQClient } from './client';

const open: (() => void | Promise<void>)[] = [];

/** For `afterEach`: closes what `serve` and `clientOf` opened. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

export async function serve(script: Script): Promise<ScriptedServer> {
  const server = await listen(script);
  open.push(() => server.close());
  return server;
}

/** A NameServer that lists these brokers: name → broker id → address. */
export function nameServer(brokers: () => Record<string, Record<string, string>>): Promise<ScriptedServer> {
  return serve((request, socket) => {
    if (request.code !== 106) return;
    const entries = Object.entries(brokers()).map(([brokerName, addresses]) => {
      const pairs = Object.entries(addresses).map(([id, address]) => `${id}:"${address}"`);
      return `"${brokerName}":{"brokerAddrs":{${pairs}},"brokerName":"${brokerName}","cluster":"C"}`;
    });
    const names = Object.keys(brokers()).map((name) => `"${name}"`);
    const body = `{"brokerAddrTable":{${entries}},"clusterAddrTable":{"C":[${names}]}}`;
    socket.write(answerTo(request, { body: Buffer.from(body) }));
  });
}

export function clientOf(options: Partial<ClientOptions> & { nameServers: readonly string[] }): RocketMQClient {
  const client = new RocketMQClient({ name: 'test', ...options });
  open.push(() => client.close());
  return client;
}
