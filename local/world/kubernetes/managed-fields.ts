import { timestamp } from './instants';
import { isFields, type Fields, type ManagedFieldsEntry, type Manifest } from './manifest';

/** Who writes, as `metadata.managedFields` records it. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
}

/** Replaces or adds the writer's entry; the fields are those that it named. */
export function recordWriter(object: Manifest, writer: Writer, named: unknown, at: number): void {
  const entry: ManagedFieldsEntry = {
    manager: writer.manager,
    operation: writer.operation,
    apiVersion: object.apiVersion,
    time: timestamp(at),
    fieldsType: 'FieldsV1',
    fieldsV1: ownedFields(named),
    ...(writer.subresource && { subresource: writer.subresource }),
  };
  const others = (object.metadata.managedFields ?? []).filter(
    (other) =>
      other.manager !== entry.manager || other.operation !== entry.operation || other.subresource !== entry.subresource,
  );
  object.metadata.managedFields = [...others, entry];
}

/**
 * The fields that a writer owns, three levels deep: enough to see who wrote which part of an object. The API server
 * goes down to the leaves, which no reader of the drill needs and which would double the size of the state.
 */
function ownedFields(named: unknown): Fields {
  const { metadata, spec, data } = (isFields(named) ? named : {}) as {
    metadata?: Fields;
    spec?: Fields;
    data?: Fields;
  };
  const meta = owned({ labels: metadata?.['labels'], annotations: metadata?.['annotations'] }, 1);
  return {
    ...(Object.keys(meta).length > 0 && { 'f:metadata': meta }),
    ...(spec && { 'f:spec': owned(spec, 1) }),
    ...(data && { 'f:data': owned(data, 0) }),
  };
}

function owned(fields: Fields, depth: number): Fields {
  const result: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    result[`f:${key}`] = depth > 0 && isFields(value) ? owned(value, depth - 1) : {};
  }
  return result;
}
