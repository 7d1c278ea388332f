import { forwardTo } from '../../../local/lab/forward';
import { createEndpoint, type Endpoint } from '../../../local/endpoint';
import type { ServiceRequest } from '../../../local/service';

let behind: Endpoint;
let front: Endpoint;
const asked: ServiceRequest[] = [];

beforeAll(async () => {
  behind = await createEndpoint({
    services: {
      s3: async (request) => {
        asked.push(request);
        const headers = { etag: '"1"', 'content-length': request.method === 'HEAD' ? '7' : '4' };
        return { status: 412, headers, body: request.method === 'HEAD' ? '' : 'body' };
      },
    },
  });
  front = await createEndpoint({ services: { s3: forwardTo(behind.url) } });
});
afterAll(() => Promise.all([front.close(), behind.close()]));

const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/eu-central-1/s3/aws4_request' };

test('passes method, path, query, headers and body on, and the answer back', async () => {
  const response = await fetch(`${front.url}/bucket/a%2Fb?list-type=2&prefix=x%20y`, {
    method: 'PUT',
    headers: { ...SIGNED, 'if-none-match': '*' },
    body: 'state',
  });
  expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([412, '"1"', 'body']);
  const request = asked.at(-1)!;
  expect(request).toMatchObject({ method: 'PUT', path: '/bucket/a%2Fb', headers: { 'if-none-match': '*' } });
  expect(Object.fromEntries(request.query)).toEqual({ 'list-type': '2', prefix: 'x y' });
  expect(request.body.toString()).toBe('state');
});

test('the answer to HEAD keeps the length of what it does not carry', async () => {
  const response = await fetch(`${front.url}/bucket/key`, { method: 'HEAD', headers: SIGNED });
  expect(response.headers.get('content-length')).toBe('7');
});
