import { xml } from '../../service';
import type { ServiceAnswer } from '../../service';
import { byBytes, etagOf } from './object-storage';
import type { ObjectStorage } from './object-storage';

const PAGE = 1000;

/** ListObjectsV2 with prefix, delimiter, start-after and pages; the continuation token is the last key of a page. */
export function listObjects(objects: ObjectStorage, bucket: string, query: URLSearchParams): ServiceAnswer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? PAGE), PAGE);

  const entries: { readonly key: string; readonly common: boolean }[] = [];
  for (const key of objects.keys(bucket)) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? { key, common: false } : { key: key.slice(0, end + delimiter.length), common: true };
    // A common prefix that was given out already must not come again with its next key.
    if (byBytes(entry.key, after) > 0 && entries.at(-1)?.key !== entry.key) entries.push(entry);
  }
  const page = entries.slice(0, limit);
  const more = entries.length > page.length;
  const contents = page
    .filter((entry) => !entry.common)
    .flatMap(({ key }) => {
      const object = objects.read(bucket, key);
      if (!object) return [];
      const { body, lastModified } = object;
      const shape = { Key: key, LastModified: lastModified, ETag: etagOf(body), Size: body.length };
      return [`<Contents>${xml(shape, 'member')}</Contents>`];
    });
  const prefixes = page
    .filter((entry) => entry.common)
    .map(({ key }) => `<CommonPrefixes>${xml({ Prefix: key }, 'member')}</CommonPrefixes>`);
  const head = xml(
    {
      Name: bucket,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: limit,
      IsTruncated: more,
      NextContinuationToken: more ? page.at(-1)?.key : undefined,
    },
    'member',
  );
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<ListBucketResult>${head}${contents.join('')}${prefixes.join('')}</ListBucketResult>`,
  };
}
