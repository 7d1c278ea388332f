import type { Span } from './record';

/** What Terraform says went wrong (or might), with the place in the code where it knows one. */
export interface TerraformDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Address of the resource, such as `aws_eks_cluster.this`. */
  readonly address?: string;
  /** `main.tf:12`, relative to the Terraform directory. */
  readonly place?: string;
  readonly at: string;
}

/** One line of `terraform apply -json` or `destroy -json` that means something to the drill. */
type TerraformEvent =
  | { readonly type: 'start' | 'complete' | 'errored'; readonly at: string; readonly resource: ResourceChange }
  | { readonly type: 'diagnostic'; readonly at: string; readonly diagnostic: TerraformDiagnostic }
  | { readonly type: 'other'; readonly at: string };

interface ResourceChange {
  readonly address: string;
  /** create, update, delete, replace, read, noop … */
  readonly action: string;
  /** Whole seconds, as Terraform measured them. */
  readonly elapsedSeconds?: number;
}

/** The shape of a line ("Machine-readable UI", version 1.x: unknown types and properties are ignored). */
interface Line {
  readonly '@timestamp'?: string;
  readonly type?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: {
    readonly severity?: string;
    readonly summary?: string;
    readonly detail?: string;
    readonly address?: string;
    readonly range?: { readonly filename?: string; readonly start?: { readonly line?: number } };
  };
}

const HOOKS: Readonly<Record<string, 'start' | 'complete' | 'errored'>> = {
  apply_start: 'start',
  apply_complete: 'complete',
  apply_errored: 'errored',
};

/**
 * What AWS refuses to delete while something is in it; the provider asks again and again, for a VPC for 20 minutes
 * (`Destruction errored after 20m0s`, provider 5.100.0).
 */
const HELD_BY_CONTENT = /(?:^|\.)aws_(?:vpc|subnet|internet_gateway|security_group)\./;

/**
 * Reads the event stream of one run of Terraform line by line. Lines that are not JSON (a provider's own output, a
 * crash) and events of other types are passed over.
 */
export class TerraformEvents {
  readonly diagnostics: TerraformDiagnostic[] = [];
  private readonly running = new Map<string, Span>();
  private first: string | undefined;
  private last: string | undefined;

  /** @param kind `resource` for what builds the cluster, `teardown` for what destroys it */
  constructor(private readonly kind: 'resource' | 'teardown' = 'resource') {}

  /**
   * Takes the next line.
   * @returns the span that begins or ends with it, to be written over the one of the same id; otherwise undefined
   */
  read(line: string): Span | undefined {
    const event = parse(line);
    if (!event) return undefined;
    this.first ??= event.at;
    this.last = event.at;
    if (event.type === 'diagnostic') this.diagnostics.push(event.diagnostic);
    if (event.type === 'other' || event.type === 'diagnostic') return undefined;
    return event.type === 'start' ? this.begin(event) : this.end(event, event.type === 'complete');
  }

  /** Instant of the first event: the drill's time zero when the run is its apply. */
  get startedAt(): string | undefined {
    return this.first;
  }

  /** The diagnostics that ended the run. */
  get errors(): readonly TerraformDiagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === 'error');
  }

  /**
   * The address of a network part whose deletion has run for longer than this, by the last event. Every other deletion
   * takes seconds once it is its turn, so something is in it that Terraform does not know.
   */
  heldUp(seconds: number): string | undefined {
    if (this.last === undefined) return undefined;
    const since = before(this.last, seconds);
    return [...this.running.values()].find(
      ({ name, detail, startedAt }) => detail === 'delete' && HELD_BY_CONTENT.test(name) && startedAt < since,
    )?.name;
  }

  /** Ends what still runs as failed, at the last event: for a run that was stopped or died. */
  interrupt(): Span[] {
    const spans = Array.from(this.running.values(), (span) => ({
      ...span,
      finishedAt: this.last ?? span.startedAt,
      outcome: 'failed' as const,
      detail: `${span.detail}; interrupted`,
    }));
    this.running.clear();
    return spans;
  }

  private begin({ at, resource }: { readonly at: string; readonly resource: ResourceChange }): Span {
    const { address, action } = resource;
    const span: Span = {
      id: `${this.kind}-${action}-${address}`,
      kind: this.kind,
      name: address,
      layer: 'cluster',
      startedAt: at,
      outcome: 'running',
      detail: action,
    };
    this.running.set(span.id, span);
    return span;
  }

  private end(event: { readonly at: string; readonly resource: ResourceChange }, succeeded: boolean): Span {
    const { at, resource } = event;
    // A line may be lost; the end says how long it took.
    const begunAt = before(at, resource.elapsedSeconds ?? 0);
    const id = `${this.kind}-${resource.action}-${resource.address}`;
    const span = this.running.get(id) ?? this.begin({ at: begunAt, resource });
    this.running.delete(id);
    return { ...span, finishedAt: at, outcome: succeeded ? 'succeeded' : 'failed' };
  }
}

/** A Terraform error in one sentence: place, address, summary and detail. */
export function diagnosticSentence({ summary, detail, address, place }: TerraformDiagnostic): string {
  const where = [place, address].filter((part) => part !== undefined).join(', ');
  const text = [summary, detail].filter((part) => part !== '').join(': ');
  return `${where ? `${where}: ` : ''}${text}`.replaceAll(/\s+/g, ' ').trim();
}

function parse(text: string): TerraformEvent | undefined {
  const line = parseJson(text);
  const at = instantOf(line?.['@timestamp']);
  if (!line || at === undefined) return undefined;
  const address = line.hook?.resource?.addr;
  const type = HOOKS[line.type ?? ''];
  if (type && address !== undefined) {
    const { action = 'change', elapsed_seconds: elapsedSeconds } = line.hook ?? {};
    return { type, at, resource: { address, action, ...(elapsedSeconds !== undefined && { elapsedSeconds }) } };
  }
  if (line.type === 'diagnostic' && line.diagnostic)
    return { type: 'diagnostic', at, diagnostic: diagnosticOf(line, at) };
  return { type: 'other', at };
}

function parseJson(text: string): Line | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** Terraform writes its local offset and microseconds; the record keeps UTC. */
function instantOf(timestamp: string | undefined): string | undefined {
  const milliseconds = Date.parse(timestamp ?? '');
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

function diagnosticOf({ diagnostic = {} }: Line, at: string): TerraformDiagnostic {
  const { severity, summary = '', detail = '', address, range } = diagnostic;
  const line = range?.start?.line;
  return {
    severity: severity === 'warning' ? 'warning' : 'error',
    summary,
    detail,
    ...(address !== undefined && { address }),
    ...(range?.filename && { place: `${range.filename}${line === undefined ? '' : `:${line}`}` }),
    at,
  };
}

function before(at: string, seconds: number): string {
  return new Date(Date.parse(at) - seconds * 1000).toISOString();
}
