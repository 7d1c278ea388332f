import { request } from 'node:https';
import { WorldUnderTest, tokenAt } from './world-under-test';

/** GET with a CA and a token, as the drill's own client does it. */
function get(url: string, ca: Buffer, token: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    call.on('error', reject);
    call.end();
  });
}

async function served<Result>(
  run: (world: WorldUnderTest, endpoint: string, ca: Buffer) => Promise<Result>,
): Promise<Result> {
  const world = new WorldUnderTest();
  await world.world.listen();
  const { endpoint, certificateAuthority } = world.world.clusterEndpoint('drill-3f9a2c');
  try {
    return await run(world, endpoint, Buffer.from(certificateAuthority, 'base64'));
  } finally {
    await world.world.close();
  }
}

test('a client with the CA of DescribeCluster and a token reads over HTTPS, below the path of the cluster', async () => {
  const answer = await served((world, endpoint, ca) =>
    get(`${endpoint}/api/v1/nodes?limit=2`, ca, tokenAt(world.clock.now().getTime())),
  );
  expect(answer.status).toBe(200);
  expect((JSON.parse(answer.body) as { items: unknown[] }).items).toHaveLength(2);
});

test('a client without the CA refuses the connection', async () => {
  await expect(
    served((world, endpoint) => get(`${endpoint}/readyz`, Buffer.alloc(0), tokenAt(world.clock.now().getTime()))),
  ).rejects.toThrow(/self-signed|unable to verify/);
});

test('a cluster that does not exist hangs up', async () => {
  const answer = served((world, endpoint, ca) =>
    get(`${endpoint.replace('3f9a2c', 'ffffff')}/readyz`, ca, tokenAt(world.clock.now().getTime())),
  );
  await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET/);
});
