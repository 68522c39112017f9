import path from 'node:path';

export interface BrokerSeat {
  /** `brokerName`; master and slave share it. */
  name: string;
  /** `brokerId`: 0 is the master. */
  id: number;
  port: number;
  cluster: string;
  settings: Record<string, string>;
}

/** 16 retries in 37 s instead of 4 h 46 min. */
const DELAY_LEVELS = '1s 1s 1s 1s 1s 2s 2s 2s 2s 2s 3s 3s 3s 3s 3s 3s 3s 3s';

export function nameServerSettings(folder: string, port: number): string {
  return toProperties({
    listenPort: String(port),
    bindAddress: '127.0.0.1',
    kvConfigPath: path.join(folder, 'kv.json'),
    configStorePath: path.join(folder, 'namesrv.properties'),
  });
}

/** Written anew at every start: UPDATE_BROKER_CONFIG makes the broker rewrite its file. */
export function brokerSettings(folder: string, seat: BrokerSeat, nameServers: readonly string[]): string {
  return toProperties({
    brokerClusterName: seat.cluster,
    brokerName: seat.name,
    brokerId: String(seat.id),
    brokerRole: seat.id === 0 ? 'ASYNC_MASTER' : 'SLAVE',
    listenPort: String(seat.port),
    brokerIP1: '127.0.0.1',
    brokerIP2: '127.0.0.1',
    bindAddress: '127.0.0.1',
    namesrvAddr: nameServers.join(';'),
    storePathRootDir: path.join(folder, 'store'),
    storePathCommitLog: path.join(folder, 'store', 'commitlog'),
    mappedFileSizeCommitLog: '16777216',
    mappedFileSizeConsumeQueue: '600000',
    // 4 MB index files instead of 420 MB.
    maxIndexNum: '200000',
    maxHashSlotNum: '50000',
    // Every thread that writes to the store keeps a direct buffer of this size.
    maxMessageSize: '1048576',
    autoCreateTopicEnable: 'false',
    autoCreateSubscriptionGroup: 'true',
    traceTopicEnable: 'true',
    enablePropertyFilter: 'true',
    messageDelayLevel: DELAY_LEVELS,
    transactionCheckInterval: '10000',
    // Without these two an idle broker burns a core after the first transaction (RocketMQ 5.1.0 to 5.5.0).
    transactionOpMsgMaxSize: '1',
    transactionOpBatchInterval: '86400000',
    timerFlushIntervalMs: '30000',
    diskMaxUsedSpaceRatio: '95',
    ...seat.settings,
  });
}

function toProperties(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
