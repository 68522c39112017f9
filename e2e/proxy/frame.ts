/** One Remoting frame as seen on the wire. A codec of its own, so that the witness does not share a mistake with the product. */
export interface WireFrame {
  code: number;
  opaque: number;
  /** Bit 0 = response, bit 1 = one-way. */
  flag: number;
  remark: string;
  fields: Record<string, string>;
  body: Buffer;
}

/** What the proxy keeps of a frame. */
export interface RecordedFrame {
  /** Epoch ms. */
  at: number;
  direction: 'request' | 'response';
  /** The real address behind the proxy. */
  target: string;
  /** Request code; in a response the response code. */
  code: number;
  /** Of a response: the code of the request it answers. */
  requestCode: number;
  opaque: number;
  fields: Record<string, string>;
  bodyBytes: number;
}

const ROCKETMQ_HEADER = 1;

/** Collects bytes and gives back whole frames, each with its length prefix. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readInt32BE(0);
      if (end < 8) throw new Error(`frame length ${end - 4} is not possible`);
      if (this.rest.length < end) break;
      frames.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
    return frames;
  }
}

export function decodeFrame(raw: Buffer): WireFrame {
  const marker = raw.readInt32BE(4);
  const headerEnd = 8 + (marker & 0xffffff);
  const header = raw.subarray(8, headerEnd);
  const body = raw.subarray(headerEnd);
  return marker >>> 24 === ROCKETMQ_HEADER ? decodeBinaryHeader(header, body) : decodeJsonHeader(header, body);
}

export function encodeFrame(frame: Partial<WireFrame> & { code: number }): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      code: frame.code,
      language: 'JAVA',
      version: 479,
      opaque: frame.opaque ?? 0,
      flag: frame.flag ?? 0,
      ...(frame.remark && { remark: frame.remark }),
      serializeTypeCurrentRPC: 'JSON',
      extFields: frame.fields ?? {},
    }),
  );
  const body = frame.body ?? Buffer.alloc(0);
  const prefix = Buffer.alloc(8);
  prefix.writeInt32BE(4 + header.length + body.length, 0);
  prefix.writeInt32BE(header.length, 4);
  return Buffer.concat([prefix, header, body]);
}

function decodeJsonHeader(header: Buffer, body: Buffer): WireFrame {
  const json = JSON.parse(header.toString('utf8')) as {
    code?: number;
    opaque?: number;
    flag?: number;
    remark?: string;
    extFields?: Record<string, string>;
  };
  return {
    code: json.code ?? 0,
    opaque: json.opaque ?? 0,
    flag: json.flag ?? 0,
    remark: json.remark ?? '',
    fields: json.extFields ?? {},
    body,
  };
}

function decodeBinaryHeader(header: Buffer, body: Buffer): WireFrame {
  const remarkEnd = 17 + header.readInt32BE(13);
  const fields: Record<string, string> = {};
  let at = remarkEnd + 4;
  const end = at + header.readInt32BE(remarkEnd);
  while (at < end) {
    const keyEnd = at + 2 + header.readInt16BE(at);
    const valueEnd = keyEnd + 4 + header.readInt32BE(keyEnd);
    fields[header.toString('utf8', at + 2, keyEnd)] = header.toString('utf8', keyEnd + 4, valueEnd);
    at = valueEnd;
  }
  return {
    code: header.readInt16BE(0),
    opaque: header.readInt32BE(5),
    flag: header.readInt32BE(9),
    remark: header.toString('utf8', 17, remarkEnd),
    fields,
    body,
  };
}
