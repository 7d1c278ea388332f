import { awsHost } from '../../adapters/aws-host';
import { awsClients } from '../../adapters/aws-clients';
import { systemClock } from '../../adapters/system-clock';

afterEach(() => {
  delete process.env['AWS_ENDPOINT_URL'];
});

test('adapters are made when they are first asked for, and once', () => {
  const host = awsHost({ TABLE_NAME: 'history' });
  expect(host.history).toBe(host.history);
  expect(host.clock).toBe(systemClock);
});

test('an adapter whose environment variable is missing says which, and only when it is asked for', () => {
  const host = awsHost({ TABLE_NAME: 'history' });
  expect(() => host.evidence).toThrow('environment variable EVIDENCE_BUCKET is not set');
});

test('what is given is used instead; what is given as undefined is not', () => {
  const log = jest.fn();
  const clock = { now: () => new Date(0), sleep: async () => {} };
  const host = awsHost({}, { log, clock, ...({ eks: undefined } as object) });
  host.log('line');
  expect(log).toHaveBeenCalledWith('line');
  expect(host.clock).toBe(clock);
  expect(host.eks).toBeDefined();
});

test('a host can be spread into a larger one', () => {
  const host = { ...awsHost({ TABLE_NAME: 'history', EVIDENCE_BUCKET: 'evidence' }), directory: 'x' };
  expect(host.history).toBeDefined();
  expect(host.directory).toBe('x');
});

test('clients are kept for the process, and made anew for another endpoint', () => {
  const before = awsClients().sts;
  expect(awsClients().sts).toBe(before);
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
  expect(awsClients().sts).not.toBe(before);
});
