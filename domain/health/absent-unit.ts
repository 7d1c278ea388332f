import type { GitopsLayer } from '../layers';
import { GITOPS_LAYERS } from '../layers';
import { ROOT_NAME } from '../names';
import type { ComponentReading } from '../record';
import type { ComponentSettings } from '../settings';
import type { GitopsUnit, GitopsView } from './gitops-view';

/**
 * The reading of a component whose Application (or Kustomization) does not exist. It is missing while something may
 * still make it, and has failed for good when the repository at the drill's commit makes no such thing.
 */
export function judgeAbsentUnit(
  component: ComponentSettings,
  layer: GitopsLayer,
  view: GitopsView,
  commit: string,
): ComponentReading {
  const kind = view.units[0]?.kind ?? 'Application';
  const reading = (status: ComponentReading['status'], reason: string): ComponentReading => ({
    name: component.name,
    status,
    reason,
    listed: true,
    blocking: [{ kind, name: component.application, status: status === 'failed' ? 'failed' : 'missing', reason }],
  });
  if (!view.root) return reading('missing', `there is no ${ROOT_NAME} ${kind} yet that would make it`);
  if (isMade(component.application, layer, view) === 'never') {
    return reading(
      'failed',
      `${component.name} is listed in drill.yaml for layer ${layer}, but the root at ${commit.slice(0, 7)} makes no ` +
        `${kind} ${component.application}`,
    );
  }
  const cause = view.source ?? view.root.judge();
  const because = cause.status === 'healthy' ? '' : `; ${cause.kind} ${cause.name}: ${cause.reason}`;
  return reading('missing', `${kind} ${component.application} does not exist yet${because}`);
}

/**
 * Whether something of the repository makes a unit of this name: `listed` by a unit that exists, `never`, or `unknown`
 * while a unit that could make it has not said what it makes. Units of higher layers are no such makers, nor are units
 * that sync waves have not created yet, as long as no unit that exists makes units itself.
 */
function isMade(name: string, layer: GitopsLayer, view: GitopsView): 'listed' | 'never' | 'unknown' {
  const { root, units } = view;
  if (!root?.makes || !view.rootIsAtCommit) return 'unknown';
  const everything = units.flatMap((unit) => unit.makes ?? []);
  if (everything.some((object) => object.kind === root.kind && object.name === name)) return 'listed';
  if (everything.some(({ kind }) => kind === 'ApplicationSet')) return 'unknown';

  const children = root.makes.filter(({ kind }) => kind === root.kind);
  const existing = units.filter((unit) => unit !== root && children.some((child) => child.name === unit.name));
  if (existing.some((unit) => unit.makes === undefined && mayHold(unit, layer))) return 'unknown';
  const nested = existing.some((unit) => unit.makes?.some(({ kind }) => kind === unit.kind));
  const complete = existing.length === children.length;
  const begun = existing.length > 0 || children.length === 0;
  return begun && (!nested || complete) ? 'never' : 'unknown';
}

function mayHold(unit: GitopsUnit, layer: GitopsLayer): boolean {
  const own = GITOPS_LAYERS.indexOf(unit.layer as GitopsLayer);
  return own === -1 || own <= GITOPS_LAYERS.indexOf(layer);
}
