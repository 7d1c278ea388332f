import type { Host } from '../adapters/host';
import { targetsSchema, type Targets } from '../domain/settings';

/** Where the deployed targets lie, as an asset: drill.yaml has no limit of 4 KB as the environment of a Lambda has. */
export interface TargetsPlace {
  readonly TARGETS_BUCKET: string;
  readonly TARGETS_KEY: string;
}

/** The settings of every target that is deployed in this place; the first is the default one. */
export async function readTargets(
  { objects }: Pick<Host, 'objects'>,
  { TARGETS_BUCKET, TARGETS_KEY }: TargetsPlace,
): Promise<Targets> {
  const text = await objects(TARGETS_BUCKET).get(TARGETS_KEY);
  if (text === undefined)
    throw new Error(`The deployed targets are not at s3://${TARGETS_BUCKET}/${TARGETS_KEY}; deploy again`);
  return targetsSchema.parse(JSON.parse(text));
}
