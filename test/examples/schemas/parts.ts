import * as z from 'zod';

/** Parts that several kinds share. Every object is strict: a name that the kind does not have is a mistake. */

export const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
/** A duration as Go writes it, such as `1h30m`. */
export const duration = z.string().regex(/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/);
export const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/);
export const texts = z.record(z.string(), z.string());

const metadata = z.strictObject({
  name,
  labels: texts.optional(),
  annotations: texts.optional(),
  finalizers: z.array(z.string()).optional(),
});

/** An object that lives in a namespace, which the example always names. */
export function namespaced<Spec extends z.ZodType>(apiVersion: string, kind: string, spec: Spec) {
  return z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: metadata.extend({ namespace: name }),
    spec,
  });
}

export const namespace = z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('Namespace'), metadata });
