import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../domain/clock';
import { messageOf } from '../domain/errors';
import { systemClock } from './system-clock';
import { elementsOf, textOf } from './xml-elements';

/** A Classic Load Balancer, as far as the inventory needs it. */
export interface ClassicLoadBalancer {
  readonly name: string;
  readonly vpcId?: string;
  readonly createdAt?: string;
}

/** An error of the service, by the code that it gives (as SDK clients name theirs). */
class ClassicElbError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly $metadata: { readonly httpStatusCode: number },
  ) {
    super(message);
  }
}

const VERSION = '2012-06-01';
const TIMEOUT_MILLISECONDS = 10_000;

/**
 * The three calls of the older Elastic Load Balancing API that the inventory makes. Same endpoint, signature and
 * credentials as the newer API, whose client this takes them from; only the version differs, so a client library of its
 * own for three calls is not carried along. Shapes: botocore's service model `elb/2012-06-01`.
 */
export class ClassicElbClient {
  constructor(
    private readonly elb: ElasticLoadBalancingV2Client,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {}

  async loadBalancers(): Promise<readonly ClassicLoadBalancer[]> {
    const found: ClassicLoadBalancer[] = [];
    let Marker: string | undefined;
    do {
      const answer = await this.call('DescribeLoadBalancers', Marker === undefined ? {} : { Marker });
      for (const member of elementsOf(answer, 'LoadBalancerDescriptions')) found.push(loadBalancerOf(member));
      Marker = textOf(answer, 'NextMarker');
    } while (Marker !== undefined);
    return found;
  }

  /** Tags of at most 20 load balancers, by name. */
  async tags(names: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const members = names.map((name, index) => [`LoadBalancerNames.member.${index + 1}`, name]);
    const answer = await this.call('DescribeTags', Object.fromEntries(members) as Record<string, string>);
    return new Map(
      elementsOf(answer, 'TagDescriptions').map((member) => {
        const tags = elementsOf(member, 'Tags').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']);
        return [textOf(member, 'LoadBalancerName') ?? '', Object.fromEntries(tags) as Record<string, string>];
      }),
    );
  }

  /** Deleting one that does not exist succeeds. */
  async remove(name: string): Promise<void> {
    await this.call('DeleteLoadBalancer', { LoadBalancerName: name });
  }

  private async call(Action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const region = await this.elb.config.region();
    const url = await this.endpoint(region);
    const { credentials, sha256 } = this.elb.config;
    const signer = new SignatureV4({ service: 'elasticloadbalancing', region, credentials, sha256 });
    const body = new URLSearchParams({ Action, Version: VERSION, ...parameters }).toString();
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    };
    const { headers } = await signer.sign(request, { signingDate: this.clock.now() });
    const { ok, status, text } = await send(url, headers, body);
    if (!ok) throw errorOf(status, text);
    return text;
  }

  /** Where the newer API is asked: what its client was given, what the environment says, or the region's own. */
  private async endpoint(region: string): Promise<URL> {
    const given = await this.elb.config.endpoint?.();
    if (given) return new URL(`${given.protocol}//${given.hostname}${given.port ? `:${given.port}` : ''}/`);
    return new URL(process.env['AWS_ENDPOINT_URL'] ?? `https://elasticloadbalancing.${region}.${domainOf(region)}/`);
  }
}

async function send(
  url: URL,
  headers: Record<string, string>,
  body: string,
): Promise<{ ok: boolean; status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  } catch (error) {
    // By the name that is tried again: nothing was answered.
    throw new ClassicElbError('ServiceUnavailable', `${url.host} does not answer: ${messageOf(error)}`, {
      httpStatusCode: 503,
    });
  }
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function loadBalancerOf(member: string): ClassicLoadBalancer {
  const vpcId = textOf(member, 'VPCId');
  const createdAt = textOf(member, 'CreatedTime');
  return {
    name: textOf(member, 'LoadBalancerName') ?? '',
    ...(vpcId === undefined ? {} : { vpcId }),
    ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
  };
}

function errorOf(status: number, text: string): ClassicElbError {
  const [error = ''] = /<Error>[\s\S]*<\/Error>/.exec(text) ?? [];
  const name = textOf(error, 'Code') ?? 'UnknownError';
  return new ClassicElbError(name, textOf(error, 'Message') ?? `HTTP ${status}`, { httpStatusCode: status });
}
