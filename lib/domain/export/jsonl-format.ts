import type { ArchivedLetter, ArchivedPlace, ArchiveFormat } from './archive-format';

/** All of the record, the body as stored (maybe compressed, see `sysFlag`) in base64; `masked` names what is hidden of it. */
export const lineOf = ({ broker, record, masked }: ArchivedLetter): string => {
  const { storedBody, properties, ...rest } = record;
  const body = storedBody.toString('base64');
  return JSON.stringify({ broker, ...rest, properties: { ...properties }, body, masked });
};

/** One letter per line, gzipped: of one that is not masked nothing is lost, and it can be sent again from the file alone. */
export const JSONL: ArchiveFormat = {
  ending: '.jsonl.gz',
  isCompressed: true,
  head: '',
  lineOf: (letter) => `${lineOf(letter)}\n`,
  async *places(text) {
    for await (const line of linesIn(text)) {
      const { broker, body, queueId, queueOffset, physicalOffset } = JSON.parse(line) as ArchivedPlace & {
        body: string;
      };
      if (typeof body !== 'string') throw new Error('it holds a record without a body');
      yield { broker, queueId, queueOffset, physicalOffset };
    }
  },
};

export async function* linesIn(text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = [];
  for await (const chunk of text) {
    const [end = '', ...lines] = chunk.split('\n');
    begun.push(end);
    for (const line of lines) {
      yield begun.join('');
      begun = [line];
    }
  }
  const rest = begun.join('');
  if (rest !== '') yield rest;
}
