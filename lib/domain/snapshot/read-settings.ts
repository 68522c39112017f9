import { parseDelayLevels } from '@/lib/rocketmq/codec/delay-levels';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import type { BrokerRuntimeInfo } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { Asker } from './ask';
import type { BrokerSettings } from './broker-facts';
import { optional } from './optional';

const EVERY_SWEEPS = 12;
/** With these a message may reach its queue later than the log says. */
const UNPROVEN = ['enableControllerMode', 'enableDLegerCommitLog', 'duplicationEnable'];

/** What of a master's configuration the picture needs; read now and then. */
export async function readSettings(
  asker: Asker,
  previous: BrokerSettings | undefined,
  runtime: BrokerRuntimeInfo | null,
): Promise<BrokerSettings> {
  const version = runtime?.versionName ?? previous?.version ?? null;
  if (previous && previous.age + 1 < EVERY_SWEEPS) return { ...previous, version, age: previous.age + 1 };
  const reading = asker.ask(GET_BROKER_CONFIG, undefined).then(({ config }) => config);
  const config = await optional(reading, null);
  if (!config)
    return {
      ...(previous ?? { delayLevelsMs: null, fileReservedHours: null, traceTopic: null, provesByLog: false }),
      version,
      age: 0,
    };
  const hours = Number(config.fileReservedTime);
  return {
    version,
    delayLevelsMs: delayLevels(config.messageDelayLevel),
    fileReservedHours: Number.isFinite(hours) && hours > 0 ? hours : null,
    traceTopic: config.msgTraceTopicName ?? null,
    provesByLog: UNPROVEN.every((key) => config[key] !== 'true'),
    age: 0,
  };
}

function delayLevels(text: string | undefined): number[] | null {
  try {
    return text === undefined ? null : parseDelayLevels(text);
  } catch {
    return null;
  }
}
