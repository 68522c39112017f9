import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guard } from '../sandbox/guard';
import type { Oracle } from '../sandbox/oracle';

/** A cluster, and somebody independent who looks at it. */
export interface Stage {
  nameServers: string[];
  brokers: readonly { name: string; address: string }[];
  scratch: string;
  guard: Guard;
  oracle: Oracle;
  /** The first broker, where nobody else needs it; `kill`, `stop` and `freeze` end with it up again. */
  breakable?: Record<
    'kill' | 'stop' | 'freeze' | 'leave' | 'comeBack' | 'hang' | 'wakeUp' | 'freezeSlave' | 'thawSlave',
    () => Promise<void>
  >;
}

export interface Group {
  topic: string;
  group: string;
  letters: number;
}

/** Messages that a group could not handle, as many on each of the masters; then the group is up again. */
export async function bury(stage: Stage, name: string, letters: number, masters: number): Promise<Group> {
  const { oracle } = stage;
  const [topic, group] = [name, `${name}-reader`];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await fail(stage, { topic, group, letters }, masters);
  // A client on a busy machine may hand a message back twice; then there are more letters than messages.
  const dead = await oracle.dlqCount(group);
  if (dead !== letters) return bury(stage, `${name}-again`, letters, masters);
  await oracle.startConsumer({ group, topic, mode: 'success' });
  return { topic, group, letters };
}

async function fail(
  { oracle, brokers }: Stage,
  { topic, group, letters }: Group,
  masters: number,
  count = letters,
): Promise<void> {
  const used = brokers.slice(0, masters);
  const messages = Array.from({ length: letters }, (_, n) => ({
    keys: `C-${n}`,
    body: `{"n":${n},"filler":"${'x'.repeat((n * 37) % 700)}"}`,
    broker: used[n % used.length]?.name ?? '',
    queueId: 0,
  }));
  await oracle.send(topic, messages);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count });
}

/** The dead-letter queue is deleted and others take the same offsets. */
export async function replaceLetters(stage: Stage, group: Group, masters: number): Promise<void> {
  const { oracle } = stage;
  await oracle.stopConsumer(group.group);
  await oracle.deleteTopic(`%DLQ%${group.group}`);
  await fail(stage, group, masters);
  await oracle.startConsumer({ ...group, mode: 'success' });
}

/** Fills commit logs until nothing that lies in them is in the newest file, which is never deleted. */
export async function turnLogs({ oracle, brokers }: Stage, masters: number): Promise<void> {
  const topic = 'filler';
  await oracle.createTopic(topic, { queues: 1 });
  // A client deflates what it can.
  const bodyBase64 = randomBytes(900_000).toString('base64');
  for (const { name } of brokers.slice(0, masters))
    for (let n = 0; n < 20; n++) await oracle.send(topic, [{ broker: name, queueId: 0, bodyBase64 }]);
}

/** More letters for a group that has some already. */
export async function buryMore(stage: Stage, group: Group, more: number, masters: number): Promise<void> {
  const { oracle } = stage;
  await oracle.stopConsumer(group.group);
  await fail(stage, { ...group, letters: more }, masters, group.letters + more);
  group.letters = await oracle.dlqCount(group.group);
  await oracle.startConsumer({ ...group, mode: 'success' });
}

/** Deletes all files of the commit logs but the newest, and waits until the group's letters in them are gone. */
export async function expire({ oracle, brokers }: Stage, { group }: Group, masters: number): Promise<void> {
  const used = brokers.slice(0, masters);
  const keepFor = (hours: string) =>
    Promise.all(used.map(({ name }) => oracle.setBrokerConfig(name, 'fileReservedTime', hours)));
  try {
    await keepFor('0');
    for (const { name } of used) await oracle.deleteExpiredCommitLog(name);
    await oracle.until(
      () => oracle.topicStats(`%DLQ%${group}`),
      (queues) => queues.filter(({ minOffset }) => minOffset > 0).length >= used.length,
      90_000,
    );
  } finally {
    await keepFor('72');
  }
}

export async function until<T>(what: string, read: () => Promise<T | undefined | false>, ms = 60_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await read();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await delay(100);
  }
}
