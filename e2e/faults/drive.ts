import { startProxy } from '../proxy/proxy';
import type { Account } from './account';
import type { Fault } from './fault';
import { Redrive } from './redrive';
import { bury, type Stage } from './stage';

export interface Verdict extends Account {
  fault: string;
  masters: number;
  seed: number;
  /** How often the console died. */
  crashes: number;
  /** How the job ended, and why it paused before. */
  state: string;
  pauses: readonly string[];
  seconds: number;
}

/**
 * One redrive of a whole group that the fault befalls. A console that died is started again on its data, the job
 * resumed as an operator would, and in the end the Java client's copies are compared with the report.
 */
export async function drive(stage: Stage, fault: Fault, masters: number, port: number): Promise<Verdict> {
  const startedAt = performance.now();
  const name = `${fault.name.replaceAll('_', '-')}-${masters}-${fault.seed}`;
  const group = await bury(stage, name, fault.letters, masters);
  const target = fault.toTopic ? `${name}-target` : `%RETRY%${group.group}`;
  if (fault.toTopic) await stage.oracle.createTopic(target, { queues: 1 });
  const wire = await startProxy([...stage.nameServers, ...stage.brokers.map(({ address }) => address)]);
  const run = new Redrive(stage, fault, group, wire, { port, name, masters, target });
  try {
    await fault.hooks.prepare?.(run.scene);
    const seen = await run.toTheEnd();
    const { problems, ...figures } = await run.compare(seen);
    return {
      ...figures,
      problems: [...run.problems, ...problems],
      fault: fault.name,
      masters,
      seed: fault.seed,
      crashes: run.crashes,
      state: seen.job.state,
      pauses: run.scene.pauses,
      seconds: Math.round((performance.now() - startedAt) / 1000),
    };
  } finally {
    await fault.hooks.clean?.(run.scene);
    await run.stop();
    await wire.stop();
    await stage.oracle.stopConsumer(group.group);
  }
}
