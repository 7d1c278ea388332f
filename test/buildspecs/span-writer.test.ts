import { SpanWriter } from '../../buildspecs/span-writer';
import type { Detail } from '../../domain/ports/history';
import type { Span } from '../../domain/record';

const span = (id: string, outcome: Span['outcome'] = 'running'): Span => ({
  id,
  kind: 'resource',
  name: id,
  startedAt: '2026-10-05T06:00:00.000Z',
  outcome,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('writing spans', () => {
  const writes: string[][] = [];
  let fails = 0;
  const put = async (_drillId: string, details: readonly Detail[]): Promise<void> => {
    await turn();
    if (fails-- > 0) throw new Error('ThrottlingException');
    writes.push(details.map(({ item }) => `${(item as Span).id} ${(item as Span).outcome}`));
  };
  beforeEach(() => {
    writes.length = 0;
    fails = 0;
  });

  it('writes one batch at a time, with all that came up meanwhile', async () => {
    const writer = new SpanWriter({ put }, 'drill');
    for (const id of ['a', 'b', 'c']) writer.add(span(id));
    await writer.flush();
    expect(writes).toEqual([['a running'], ['b running', 'c running']]);
  });

  it('writes only the last state of a span that changed while it waited', async () => {
    const writer = new SpanWriter({ put }, 'drill');
    writer.add(span('a'));
    writer.add(span('b'));
    writer.add(span('b', 'succeeded'));
    await writer.flush();
    expect(writes).toEqual([['a running'], ['b succeeded']]);
  });

  it('tries again what failed to be written, and reports what still fails', async () => {
    const writer = new SpanWriter({ put }, 'drill');
    fails = 1;
    writer.add(span('a'));
    await turn();
    await turn();
    writer.add(span('b'));
    await writer.flush();
    expect(writes.flat().toSorted()).toEqual(['a running', 'b running']);
    fails = 2;
    writer.add(span('c'));
    await expect(writer.flush()).rejects.toThrow('ThrottlingException');
  });

  it('keeps the newer state when an older one failed to be written', async () => {
    const writer = new SpanWriter({ put }, 'drill');
    fails = 1;
    writer.add(span('a'));
    writer.add(span('a', 'succeeded'));
    await writer.flush();
    expect(writes).toEqual([['a succeeded']]);
  });
});
