/**
 * How the local endpoint's services look to each other: plain requests and answers, so that a service can be called
 * over HTTP (child processes, the CLI) and without it (fault simulation in one process).
 */
export interface ServiceRequest {
  readonly method: string;
  /** Path without the query, percent-encoded as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export type Service = (request: ServiceRequest) => Promise<ServiceAnswer>;

/** An error as AWS gives it; every protocol below renders it in its own way. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

type Operations = Readonly<Record<string, (input: never) => unknown>>;

/** A service of the AWS JSON protocols: the operation is named in `x-amz-target`, the body is JSON. */
export function jsonService(name: string, operations: Operations): Service {
  return async (request) => {
    const operation = (request.headers['x-amz-target'] ?? '').split('.').pop() ?? '';
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    try {
      const run = operations[operation];
      if (!run) throw new AwsError('UnknownOperationException', `${name} has no operation "${operation}" here`);
      const output = await run(JSON.parse(request.body.toString() || '{}') as never);
      return { status: 200, headers, body: JSON.stringify(output ?? {}) };
    } catch (error) {
      const aws = asAwsError(error);
      return { status: aws.status, headers, body: JSON.stringify({ __type: aws.code, message: aws.message }) };
    }
  };
}

/**
 * A service of the AWS query protocols (form in, XML out). Inputs are given as the flat form
 * (`Destination.ToAddresses.member.1`); outputs are rendered by `xml`, arrays as repeated `<member>` (or `<item>`, as EC2
 * wants) elements.
 */
export function queryService(
  name: string,
  operations: Readonly<Record<string, (form: URLSearchParams) => unknown>>,
  style: 'query' | 'ec2' = 'query',
): Service {
  return async (request) => {
    const form = new URLSearchParams(request.body.toString() || request.query.toString());
    const action = form.get('Action') ?? '';
    const headers = { 'content-type': 'text/xml' };
    try {
      const run = operations[action];
      if (!run) throw new AwsError('InvalidAction', `${name} has no action "${action}" here`);
      const content = xml((await run(form)) ?? {}, style === 'ec2' ? 'item' : 'member');
      const body =
        style === 'ec2'
          ? `<${action}Response><requestId>local</requestId>${content}</${action}Response>`
          : `<${action}Response><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`;
      return { status: 200, headers, body };
    } catch (error) {
      const aws = asAwsError(error);
      const parts = `<Code>${escapeXml(aws.code)}</Code><Message>${escapeXml(aws.message)}</Message>`;
      const body =
        style === 'ec2'
          ? `<Response><Errors><Error>${parts}</Error></Errors><RequestID>local</RequestID></Response>`
          : `<ErrorResponse><Error><Type>Sender</Type>${parts}</Error><RequestId>local</RequestId></ErrorResponse>`;
      return { status: aws.status, headers, body };
    }
  };
}

/**
 * Renders a value as XML elements: objects by key, arrays as repeated `<list>` elements, maps as `<entry>` elements,
 * undefined as nothing.
 */
export function xml(value: unknown, list: 'member' | 'item'): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => `<${list}>${xml(item, list)}</${list}>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) {
    return [...value].map(([key, part]) => `<entry>${xml({ key, value: part as unknown }, list)}</entry>`).join('');
  }
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `<${key}>${xml(part, list)}</${key}>`)
    .join('');
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** What an operation threw, as an AWS error; anything unexpected is the simulation's own fault and says so. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', `the local endpoint failed: ${message}`, 500);
}
