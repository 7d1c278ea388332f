import { kindOf, nameOf } from './gitops-pins';
import type { GitopsTree, Manifest } from './gitops-tree';
import { nearest } from './nearest';
import { parse } from 'yaml';

/** A Kustomization of Flux that others wait for, and that nothing makes. */
export interface OrderFault {
  /** Only a warning where resources come from elsewhere, which may make it. */
  readonly status: 'refused' | 'warned';
  readonly place: string;
  readonly sentence: string;
}

const KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/Kustomization';

/**
 * What `dependsOn` names and no file makes: who waits for it waits for ever. It stands in Kustomizations themselves, and
 * in the patches by which a root gives it to a whole layer.
 */
export function orderFaultsOf({ manifests, kustomizations, isPartial }: GitopsTree): OrderFault[] {
  const units = manifests.filter(({ object }) => kindOf(object) === KUSTOMIZATION);
  const made = units.map(({ object }) => nameOf(object));
  const waits = [
    ...units.map((unit) => ({ unit, names: namesIn((unit.object['spec'] as { dependsOn?: unknown })?.dependsOn) })),
    ...kustomizations.map((unit) => ({ unit, names: patchesOf(unit).flatMap(dependenciesInPatch) })),
  ];
  return waits.flatMap(({ unit, names }) =>
    names
      .filter((name) => !made.includes(name))
      .map((name) => ({
        status: isPartial ? ('warned' as const) : ('refused' as const),
        ...faultOf(unit, name, made),
      })),
  );
}

function faultOf({ file, line }: Manifest, name: string, made: readonly string[]): Omit<OrderFault, 'status'> {
  const near = nearest(name, made);
  const mend = near ? `did you mean ${near}` : 'take it out of dependsOn, or add it to the resources';
  const place = `${file}:${line}`;
  return { place: `${place} ${name}`, sentence: `${place}: dependsOn names ${name}, which nothing makes; ${mend}` };
}

/** The names of a list of dependencies; those of other namespaces are made elsewhere. */
function namesIn(dependencies: unknown): string[] {
  if (!Array.isArray(dependencies)) return [];
  return dependencies.flatMap((one: { name?: unknown; namespace?: unknown } | null) =>
    typeof one?.name === 'string' && one.namespace === undefined ? [one.name] : [],
  );
}

function patchesOf({ object }: Manifest): string[] {
  const patches = Array.isArray(object['patches']) ? (object['patches'] as ({ patch?: unknown } | null)[]) : [];
  return patches.flatMap((entry) => (typeof entry?.patch === 'string' ? [entry.patch] : []));
}

/** The dependencies that a patch sets: one of operations (JSON 6902), or a piece of a Kustomization. */
function dependenciesInPatch(text: string): string[] {
  const patch = parsed(text);
  if (!Array.isArray(patch)) return namesIn((patch as { spec?: { dependsOn?: unknown } } | null)?.spec?.dependsOn);
  return patch.flatMap((operation: { op?: unknown; path?: unknown; value?: unknown } | null) => {
    if (operation?.op !== 'add' && operation?.op !== 'replace') return [];
    if (operation.path === '/spec/dependsOn') return namesIn(operation.value);
    return operation.path === '/spec/dependsOn/-' ? namesIn([operation.value]) : [];
  });
}

/** A patch that is no YAML is the engine's to refuse. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
