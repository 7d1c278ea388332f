import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import { S3 } from '../../../local/services/s3';
import { folderObjects } from '../../../local/services/s3/folder-objects';
import { memoryObjects } from '../../../local/services/s3/object-storage';

const now = new Date('2026-11-02T05:00:00Z');
const clock = { now: () => now, sleep: async () => {} };
const Bucket = 'reports';

describe.each(['folder', 'memory'] as const)('S3 over objects in %s', (kind) => {
  let folder: string;
  let endpoint: Endpoint;
  let client: S3Client;
  let s3: S3;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 's3-'));
    s3 = new S3({ clock, buckets: [Bucket], objects: kind === 'folder' ? folderObjects(folder) : memoryObjects() });
    endpoint = await createEndpoint({ services: { s3: s3.service } });
    client = new S3Client({ endpoint: endpoint.url });
  });
  afterAll(async () => {
    client.destroy();
    await endpoint.close();
    rmSync(folder, { recursive: true });
  });

  const read = async (Key: string): Promise<string | undefined> =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

  test('an object comes back with its content and type', async () => {
    const Key = 'drills/shop/a b/report.html';
    await client.send(new PutObjectCommand({ Bucket, Key, Body: '<h1>über</h1>', ContentType: 'text/html' }));
    const answer = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await answer.Body?.transformToString()).toBe('<h1>über</h1>');
    expect(answer.ContentType).toBe('text/html');
    expect(answer.LastModified).toEqual(now);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 14, ContentType: 'text/html', ETag: answer.ETag });
  });

  test('a stream that the SDK sends in chunks with a checksum trailer is stored without them', async () => {
    const text = 'x'.repeat(200_000);
    const Body = Readable.from([Buffer.from(text)]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'log.jsonl', Body, ContentLength: text.length }));
    expect(await read('log.jsonl')).toBe(text);
  });

  test('a write on the condition that there is no object is refused when there is one', async () => {
    const lock = (): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket, Key: 'state.tflock', Body: '{}', IfNoneMatch: '*' }));
    await lock();
    await expect(lock()).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'state.tflock' }));
    await expect(lock()).resolves.toBeDefined();
  });

  test('what is not there is NoSuchKey, NotFound for HEAD and NoSuchBucket', async () => {
    await expect(read('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const elsewhere = client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'a' }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('keys are listed by prefix in pages, and folders by delimiter', async () => {
    for (const Key of ['list/a&b', 'list/sub/1', 'list/sub/2', 'list/z']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 3 }));
    expect(first.Contents?.map((object) => object.Key)).toEqual(['list/a&b', 'list/sub/1', 'list/sub/2']);
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', ContinuationToken }));
    expect(second).toMatchObject({ IsTruncated: false, Contents: [{ Key: 'list/z', Size: 6 }] });
    const folders = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }));
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'list/sub/' }]);
    expect(folders.Contents?.map((object) => object.Key)).toEqual(['list/a&b', 'list/z']);
  });

  test('many objects are deleted at once', async () => {
    const keys = ['many/a&b', 'many/c'];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(answer.Deleted?.map((object) => object.Key)).toEqual(keys);
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }))).KeyCount).toBe(0);
  });

  test('a stand-in reads and writes the same objects without HTTP', async () => {
    s3.write(Bucket, 'terraform.tfstate', '{"serial":1}', { contentType: 'application/json' });
    expect(await read('terraform.tfstate')).toBe('{"serial":1}');
    expect(() => s3.write(Bucket, 'terraform.tfstate', '', { ifNoneMatch: '*' })).toThrow('pre-conditions');
    s3.remove(Bucket, 'terraform.tfstate');
    expect(s3.read(Bucket, 'terraform.tfstate')).toBeUndefined();
  });

  test('an operation that is not simulated is refused by name', async () => {
    const copy = client.send(new GetObjectCommand({ Bucket, Key: 'log.jsonl', Range: 'bytes=0-1' }));
    await expect(copy).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('objects in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 's3-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('an object is a file of its own name, for a person to open', () => {
    const s3 = new S3({ clock, buckets: [Bucket], objects: folderObjects(folder) });
    s3.write(Bucket, 'drills/report.md', '# Report');
    expect(readFileSync(join(folder, Bucket, 'drills/report.md'), 'utf8')).toBe('# Report');
    writeFileSync(join(folder, Bucket, 'drills/by-hand.txt'), 'hello');
    expect(folderObjects(folder).keys(Bucket)).toEqual(['drills/by-hand.txt', 'drills/report.md']);
    expect(s3.read(Bucket, 'drills/by-hand.txt')?.toString()).toBe('hello');
  });

  test('a key cannot leave the folder', () => {
    const objects = folderObjects(join(folder, 'inner'));
    const object = { body: Buffer.from('x'), contentType: 'text/plain', lastModified: now.toISOString() };
    objects.write(Bucket, '../../outside', object);
    expect(objects.keys(Bucket)).toEqual(['../../outside']);
    expect(folderObjects(folder).keys('outside')).toEqual([]);
  });

  test('a key below another key is refused, since a file is no folder', () => {
    const s3 = new S3({ clock, buckets: [Bucket], objects: folderObjects(folder) });
    s3.write(Bucket, 'a', '1');
    expect(() => s3.write(Bucket, 'a/b', '2')).toThrow('both a file and a folder');
  });
});
