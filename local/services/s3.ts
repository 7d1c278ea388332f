import type { Clock } from '../../domain/clock';
import { AwsError, asAwsError, escapeXml, xml } from '../service';
import type { Service, ServiceAnswer, ServiceRequest } from '../service';
import { decodeChunks } from './s3/decode-chunks';
import { listObjects } from './s3/list-objects';
import { etagOf } from './s3/object-storage';
import type { ObjectStorage } from './s3/object-storage';

export interface S3Options {
  readonly clock: Clock;
  /** The buckets that exist. */
  readonly buckets: readonly string[];
  readonly objects: ObjectStorage;
}

/** S3 in path style, which the SDK uses by itself when the endpoint is an IP address. */
export class S3 {
  constructor(private readonly options: S3Options) {}

  readonly service: Service = async (request) => {
    try {
      return this.answer(request);
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      const body = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>local</RequestId></Error>`;
      return { status, headers: { 'content-type': 'application/xml' }, ...(request.method === 'HEAD' ? {} : { body }) };
    }
  };

  /** An object's content, for the stand-ins that keep their state in S3; undefined when there is none. */
  read(bucket: string, key: string): Buffer | undefined {
    return this.bucket(bucket).objects.read(bucket, key)?.body;
  }

  /**
   * Stores an object.
   * @param write.ifNoneMatch `*`: only when there is none yet (Terraform's lock).
   * @throws AwsError `PreconditionFailed` (412) when there is.
   */
  write(
    bucket: string,
    key: string,
    body: string | Buffer,
    write: { readonly contentType?: string; readonly ifNoneMatch?: '*' } = {},
  ): void {
    const { objects, clock } = this.bucket(bucket);
    if (write.ifNoneMatch && objects.read(bucket, key)) {
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    objects.write(bucket, key, {
      body: Buffer.from(body),
      contentType: write.contentType ?? 'application/octet-stream',
      lastModified: clock.now().toISOString(),
    });
  }

  /** Deletes an object; nothing happens when there is none. */
  remove(bucket: string, key: string): void {
    this.bucket(bucket).objects.remove(bucket, key);
  }

  private bucket(name: string): S3Options {
    if (!this.options.buckets.includes(name)) {
      throw new AwsError('NoSuchBucket', `The specified bucket "${name}" does not exist`, 404);
    }
    return this.options;
  }

  private answer(request: ServiceRequest): ServiceAnswer {
    const [, bucket = '', path = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
    const key = decodeURIComponent(path);
    const operation = `${request.method} ${key === '' ? 'bucket' : 'object'}`;
    switch (operation) {
      case 'PUT object':
        return this.putObject(bucket, key, request);
      case 'GET object':
      case 'HEAD object':
        return this.getObject(bucket, key, request);
      case 'DELETE object':
        this.remove(bucket, key);
        return { status: 204 };
      case 'HEAD bucket':
        this.bucket(bucket);
        return { status: 200 };
      case 'GET bucket':
        if (request.query.get('list-type') === '2')
          return listObjects(this.bucket(bucket).objects, bucket, request.query);
        break;
      case 'POST bucket':
        if (request.query.has('delete')) return this.deleteObjects(bucket, request.body.toString());
        break;
    }
    throw new AwsError('NotImplemented', `S3 has no ${operation} with "${request.query.toString()}" here`);
  }

  private putObject(bucket: string, key: string, { headers, body }: ServiceRequest): ServiceAnswer {
    if (headers['x-amz-copy-source']) throw new AwsError('NotImplemented', 'S3 has no CopyObject here');
    const content = headers['content-encoding']?.includes('aws-chunked') ? decodeChunks(body) : body;
    this.write(bucket, key, content, {
      ...(headers['content-type'] ? { contentType: headers['content-type'] } : {}),
      ...(headers['if-none-match'] ? { ifNoneMatch: '*' } : {}),
    });
    return { status: 200, headers: { etag: etagOf(content) } };
  }

  private getObject(bucket: string, key: string, request: ServiceRequest): ServiceAnswer {
    if (request.headers['range']) throw new AwsError('NotImplemented', 'S3 has no ranges here');
    const object = this.bucket(bucket).objects.read(bucket, key);
    if (!object) throw new AwsError('NoSuchKey', `The specified key "${key}" does not exist.`, 404);
    const headers = {
      'content-type': object.contentType,
      'content-length': String(object.body.length),
      'last-modified': new Date(object.lastModified).toUTCString(),
      etag: etagOf(object.body),
    };
    return { status: 200, headers, ...(request.method === 'HEAD' ? {} : { body: object.body }) };
  }

  private deleteObjects(bucket: string, body: string): ServiceAnswer {
    const keys = [...body.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key]) => unescapeXml(key ?? ''));
    for (const key of keys) this.remove(bucket, key);
    const deleted = keys.map((Key) => `<Deleted>${xml({ Key }, 'member')}</Deleted>`).join('');
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<DeleteResult>${/<Quiet>true<\/Quiet>/.test(body) ? '' : deleted}</DeleteResult>`,
    };
  }
}

const XML_ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return XML_ENTITIES[name] ?? whole;
    return String.fromCodePoint(/^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}
