import { connect } from 'node:net';
import { decodeFrame, encodeFrame, FrameSplitter } from '../proxy/frame';

const SEND_MESSAGE_V2 = 310;

export interface RawMessage {
  topic: string;
  queueId?: number;
  body: Buffer;
  /** Bit 0: the body says that it is compressed; bits 8 to 10: how. */
  sysFlag?: number;
  properties?: Record<string, string>;
}

/** Sends bytes that no client library would; answers where the broker put them, as `broker:offset`. */
export async function sendRaw(
  { name, address }: { name: string; address: string },
  { topic, queueId = 0, body, sysFlag = 0, properties = {} }: RawMessage,
): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    socket.write(
      encodeFrame({
        code: SEND_MESSAGE_V2,
        opaque: 1,
        fields: {
          ...{ a: 'raw-sender', b: topic, c: 'TBW102', d: '4', e: String(queueId), f: String(sysFlag) },
          ...{ g: String(Date.now()), h: '0', i: asText(properties), j: '0', k: 'false', m: 'false' },
        },
        body,
      }),
    );
    const splitter = new FrameSplitter();
    const raw = await new Promise<Buffer>((resolve, reject) => {
      socket.once('error', reject).once('close', () => reject(new Error(`${name} hung up`)));
      socket.on('data', (chunk: Buffer) => {
        const [frame] = splitter.push(chunk);
        if (frame) resolve(frame);
      });
    });
    const { code, remark, fields } = decodeFrame(raw);
    if (code !== 0) throw new Error(`${name} answered ${code}: ${remark}`);
    return `${name}:${Number.parseInt(fields.msgId?.slice(-16) ?? '', 16)}`;
  } finally {
    socket.destroy();
  }
}

/** As `MessageDecoder.messageProperties2String`: name, 1, value, 2. */
const asText = (properties: Record<string, string>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}\u0001${value}\u0002`)
    .join('');
