import * as z from 'zod';
import { CATALOGUE } from './catalogue-entries';
import { probeNamesOf } from './catalogue/probes';
import { isKnownKind } from './health/resource-types';
import { nearest } from './nearest';
import { workloadSelectorSchema, type ComponentSettings } from './settings';

const slugMend = 'use at most 40 lower-case letters, digits and hyphens, beginning with a letter';
/** A name of a target or component. */
export const slug = z.string({ error: slugMend }).regex(/^[a-z][a-z0-9-]{0,39}$/, { error: slugMend });

const namespaceMend = 'write the name of a namespace';
const namespace = z.string({ error: namespaceMend }).regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: namespaceMend,
});

const workload = z.strictObject(workloadSelectorSchema.shape, {
  error: 'describe it with kind, apiVersion, namespace, name and labels',
});

/** A component of a layer, as a person writes it: its name, or a mapping. */
export const componentSchema = z.union(
  [
    slug,
    z.strictObject({
      name: slug,
      system: z
        .string()
        .optional()
        .meta({ description: 'Entry of the catalogue; by default the name, where it is one' }),
      application: z
        .string()
        .optional()
        .meta({ description: 'Name of its Application or Kustomization; by default the name' }),
      namespace: namespace
        .optional()
        .meta({ description: "Where it is installed; by default the namespace of the catalogue's entry" }),
      workloads: z
        .array(workload, { error: 'list workloads' })
        .optional()
        .meta({ description: "Replaces the catalogue's workloads" }),
      probesOff: z
        .array(z.string(), { error: 'list names of probes' })
        .optional()
        .meta({ description: "Probes of the catalogue's entry that are not asked; the report says so" }),
    }),
  ],
  {
    error:
      'write the name of a component, or a mapping with name, system, application, namespace, workloads, probesOff',
  },
);
type WrittenComponent = z.infer<typeof componentSchema>;

/** A component with what drill.yaml leaves out: an application of its name, and the system of the catalogue that is called so. */
export function componentOf(written: WrittenComponent): ComponentSettings {
  const given = typeof written === 'string' ? { name: written } : written;
  const system = given.system ?? (CATALOGUE[given.name] ? given.name : undefined);
  return {
    name: given.name,
    application: given.application ?? given.name,
    ...(system === undefined ? {} : { system }),
    ...(given.namespace === undefined ? {} : { namespace: given.namespace }),
    ...(given.workloads === undefined ? {} : { workloads: given.workloads }),
    ...(given.probesOff === undefined ? {} : { probesOff: given.probesOff }),
  };
}

/**
 * Mistakes of a component that only the catalogue can tell, a sentence each.
 * @param at says file, line and path of a key of the component
 */
export function componentMistakes(written: WrittenComponent, at: (...path: PropertyKey[]) => string): string[] {
  const { system, namespace, probesOff = [], workloads = [] } = componentOf(written);
  const unknownKinds = workloads.flatMap(({ kind, apiVersion }, index) =>
    apiVersion !== undefined || isKnownKind(kind)
      ? []
      : [`${at('workloads', index, 'kind')} is "${kind}", whose API is not known here; add its apiVersion.`],
  );
  const entry = system === undefined ? undefined : CATALOGUE[system];
  if (system !== undefined && !entry) {
    const near = nearest(system, Object.keys(CATALOGUE));
    const mend = near ? `did you mean "${near}"?` : 'leave it out and list its workloads.';
    return [`${at('system')} is "${system}", which the catalogue does not have; ${mend}`, ...unknownKinds];
  }
  if (!entry) {
    const needless = [
      ...(namespace === undefined ? [] : ['namespace']),
      ...(probesOff.length === 0 ? [] : ['probesOff']),
    ];
    return [
      ...needless.map((key) => `${at(key)} changes an entry of the catalogue, and this is none; say which by system.`),
      ...unknownKinds,
    ];
  }
  const names = probeNamesOf(entry);
  const unknownProbes = probesOff.flatMap((probe, index) => {
    if (names.includes(probe)) return [];
    const near = nearest(probe, names);
    const mend = near ? `did you mean "${near}"?` : `it has ${names.join(', ')}.`;
    return [`${at('probesOff', index)} is "${probe}", which is no probe of ${entry.name}; ${mend}`];
  });
  return [...unknownKinds, ...unknownProbes];
}
