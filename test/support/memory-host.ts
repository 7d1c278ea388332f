import type { Host } from '../../adapters/host';
import { MemoryHistory } from '../../local/memory-history';
import type { Execution } from '../../domain/ports/executions';
import type { InventoryItem } from '../../domain/ports/inventory';
import type { Mail } from '../../domain/ports/mailer';
import { DrillError, ErrorName } from '../../domain/errors';
import { TAG } from '../../domain/names';
import { minute } from './story';

/** What a `memoryHost` keeps and can be told. */
export interface MemoryHost extends Host {
  readonly objectsByKey: Map<string, string>;
  readonly mails: Mail[];
  readonly started: { readonly input: unknown; readonly name?: string }[];
  /** ARNs of executions that were stopped. */
  readonly stopped: string[];
  readonly existing: InventoryItem[];
  readonly logs: string[];
  /** Minutes since the sample drill was opened. */
  minutes: number;
  /** Recipients that are refused. */
  refused: string[];
  /** Status of every execution that is asked for. */
  executionStatus: string;
  /** Status of the teardowns that the guard or *Open drill* has started. */
  guardStatus: string;
  /** Whether `remove` really removes. */
  removable: boolean;
}

/** A host in memory for tests of single handlers: history, store, mail, executions and inventory; the rest throws. */
export function memoryHost(): MemoryHost {
  const objectsByKey = new Map<string, string>();
  const store = {
    put: async (key: string, body: string | Uint8Array) => void objectsByKey.set(key, body.toString()),
    get: async (key: string) => objectsByKey.get(key),
    list: async (prefix: string) => [...objectsByKey.keys()].filter((key) => key.startsWith(prefix)),
  };
  const state = {
    objectsByKey,
    mails: [] as Mail[],
    started: [] as { input: unknown; name?: string }[],
    stopped: [] as string[],
    existing: [] as InventoryItem[],
    logs: [] as string[],
    minutes: 100,
    refused: [] as string[],
    executionStatus: 'RUNNING',
    guardStatus: 'RUNNING',
    removable: true,
  };
  const host = {
    ...state,
    history: new MemoryHistory(),
    evidence: store,
    objects: () => store,
    log: (line: string) => void state.logs.push(line),
  };
  return Object.assign(host, {
    clock: { now: () => new Date(minute(host.minutes)), sleep: async () => {} },
    mailer: {
      send: async (mail: Mail) => {
        if (host.refused.includes(mail.to)) throw new DrillError(ErrorName.MailRefused, `${mail.to} is suppressed`);
        host.mails.push(mail);
        return `message-${host.mails.length}`;
      },
    },
    executions: {
      start: async (_machine: string, input: unknown, name?: string) => {
        if (!host.started.some((one) => one.name === name))
          host.started.push({ input, ...(name === undefined ? {} : { name }) });
        return `arn:${name ?? ''}`;
      },
      execution: async (arn: string): Promise<Execution | undefined> => {
        const isGuards = /:(guard|sweep)-/.test(arn);
        if (isGuards && !host.started.some(({ name }) => arn.endsWith(`:${name}`))) return undefined;
        return { arn, status: isGuards ? host.guardStatus : host.executionStatus, input: {}, startedAt: minute(0) };
      },
      stop: async (arn: string) => {
        host.stopped.push(arn);
        host.executionStatus = 'ABORTED';
      },
      confirm: async () => {},
    },
    inventory: {
      account: async () => '000000000000',
      find: async () => [...host.existing],
      taggedDrills: async () => [...new Set(host.existing.flatMap(({ tags }) => tags[TAG.drill] ?? []))].toSorted(),
      remove: async (item: InventoryItem) => {
        if (!host.removable) return 'VolumeInUse: it is attached';
        host.existing.splice(host.existing.indexOf(item), 1);
        return undefined;
      },
    },
  }) as unknown as MemoryHost;
}
