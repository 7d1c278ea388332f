import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { S3ObjectStore } from '../../adapters/s3-object-store';

const mock = mockClient(S3Client);
const store = new S3ObjectStore(new S3Client(), 'evidence');

beforeEach(() => {
  mock.reset();
});

test('an object is put with its type', async () => {
  mock.on(PutObjectCommand).resolves({});
  await store.put('a/report.html', '<p>', 'text/html');
  expect(mock.call(0).args[0].input).toEqual({
    Bucket: 'evidence',
    Key: 'a/report.html',
    Body: '<p>',
    ContentType: 'text/html',
    ContentLength: 3,
  });
});

test('an object that does not exist is undefined, another refusal is an error', async () => {
  mock.on(GetObjectCommand, { Key: 'none' }).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));
  mock.on(GetObjectCommand, { Key: 'denied' }).rejects(new Error('denied'));
  expect(await store.get('none')).toBeUndefined();
  await expect(store.get('denied')).rejects.toThrow('denied');
});

test('keys are listed over all pages', async () => {
  mock
    .on(ListObjectsV2Command, { Bucket: 'evidence', Prefix: 'a/', ContinuationToken: undefined })
    .resolves({ Contents: [{ Key: 'a/1' }], NextContinuationToken: 'more' })
    .on(ListObjectsV2Command, { ContinuationToken: 'more' })
    .resolves({ Contents: [{ Key: 'a/2' }] });
  expect(await store.list('a/')).toEqual(['a/1', 'a/2']);
});
