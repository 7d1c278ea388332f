import { suffixOf } from './module';
import { goDuration } from './output';
import type { Output } from './output';
import type { InstanceState } from './state';

export type Action = 'create' | 'delete';

export type ResourceName = Pick<InstanceState, 'module' | 'type' | 'name' | 'key'> & { readonly address: string };

/** The events of one resource while it is made or removed, in the words and keys of Terraform 1.11. */
export interface ResourceEvents {
  start(): void;
  progress(seconds: number): void;
  complete(seconds: number, id?: string): void;
  errored(seconds: number): void;
}

const WORDS: Readonly<Record<Action, { readonly doing: string; readonly done: string }>> = {
  create: { doing: 'Creating', done: 'Creation' },
  delete: { doing: 'Destroying', done: 'Destruction' },
};

/** `resource` as all events name it. */
export function resourceJson(
  { address, module, type, name, key }: ResourceName,
  mode: 'managed' | 'data' = 'managed',
): Record<string, unknown> {
  return {
    addr: address,
    module,
    resource: `${mode === 'data' ? 'data.' : ''}${type}.${name}${suffixOf(key)}`,
    implied_provider: type.split('_')[0],
    resource_type: type,
    resource_name: name,
    resource_key: key ?? null,
  };
}

/** @param id of a resource that is known from the state. */
export function resourceEvents(output: Output, name: ResourceName, action: Action, id?: string): ResourceEvents {
  const { address } = name;
  const { doing, done } = WORDS[action];
  const hook = (more: object): object => ({ hook: { resource: resourceJson(name), action, ...more } });
  const idText = id === undefined ? '' : ` [id=${id}]`;
  return {
    start: () =>
      output.event(
        'apply_start',
        `${address}: ${doing}...${idText}`,
        hook(id === undefined ? {} : { id_key: 'id', id_value: id }),
      ),
    progress: (seconds) =>
      output.event(
        'apply_progress',
        `${address}: Still ${doing.toLowerCase()}... [${goDuration(seconds)} elapsed]`,
        hook({ elapsed_seconds: seconds }),
      ),
    complete: (seconds, newId) =>
      output.event(
        'apply_complete',
        `${address}: ${done} complete after ${goDuration(seconds)}${newId === undefined ? '' : ` [id=${newId}]`}`,
        hook({ ...(newId === undefined ? {} : { id_key: 'id', id_value: newId }), elapsed_seconds: seconds }),
      ),
    errored: (seconds) =>
      output.event(
        'apply_errored',
        `${address}: ${done} errored after ${goDuration(seconds)}`,
        hook({ elapsed_seconds: seconds }),
      ),
  };
}
