import { probesOf, selectorsOf } from '../../../domain/catalogue/probes';
import { CLUSTER_PARTS } from '../../../domain/catalogue/cluster-parts';
import { CATALOGUE } from '../../../domain/catalogue-entries';
import type { System } from '../../../domain/catalogue';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { WorkloadSelector } from '../../../domain/settings';
import type { SystemFixture } from './fixture';
import { componentReading, objectReadings } from './reading';

const INTRODUCTION = `# Catalogue

The systems that cluster-drill knows by name: what it reads of each, and what it says of it in the states that a drill meets. \`domain/catalogue\` holds the entries, \`domain/health\` the rules ([health.md](health.md)). This page is written and held by \`test/domain/systems\`; \`UPDATE_CATALOGUE=1 npx jest test/domain/systems\` writes it anew.

A component of drill.yaml is of a system when it has its name, or says so by \`system\`. What a platform does differently it says there too: \`namespace\` stands in for the one named here, \`workloads\` replaces the workloads, \`probesOff\` switches probes off by name. The report tells each of these. Objects of the layers above, such as an application's ExternalSecrets, are left to those layers.

A probe finds its objects by label, in the namespace named or in the one that the component is installed to. One that finds nothing says \`missing\`, except for an optional one: custom resources that a platform makes itself, or does not. A kind that the API does not serve is always missing.

The readings below come from objects as the real controllers write them; [the README beside them](../test/domain/systems/README.md) says what was recorded and what composed.
`;

/** The text of docs/catalogue.md. */
export function cataloguePage(fixtures: readonly SystemFixture[]): string {
  return [INTRODUCTION, clusterSection(), ...fixtures.map(sectionOf)].join('\n');
}

/** What Terraform and EKS make; `test/domain/health/judge-cluster-layer.test.ts` holds the readings. */
function clusterSection(): string {
  const parts = Object.entries(CLUSTER_PARTS).map(
    ([name, { title, read, usualReason }]) =>
      `- ${title} (\`${name}\`): ${read}. Usually held up because ${usualReason}.`,
  );
  return [
    '## The cluster layer',
    '',
    'What Terraform and EKS make is read from EKS, every part of it without being listed in drill.yaml: `ACTIVE` is healthy; `CREATING`, `UPDATING` and `PENDING` progressing; `FAILED`, `CREATE_FAILED` and `DELETE_FAILED` failed for good; all else, and `ACTIVE` with health issues, degraded. Each sentence names the issues.',
    '',
    ...parts,
    '',
  ].join('\n');
}

function sectionOf(fixture: SystemFixture): string {
  const system = CATALOGUE[fixture.system]!;
  const { name, title, layer, namespace, chart, repository, source, usualReason, retired, moved } = system;
  return [
    `## ${title}`,
    '',
    `\`${name}\`, ${layer} layer, namespace \`${namespace}\`. Chart \`${chart}\` of \`${repository}\`. Read in ${source}.`,
    '',
    ...probesOf({ name, application: name, system: name }).map(probeLine),
    '',
    `Usually held up because ${usualReason}.`,
    ...(retired ? ['', `**Retired**: ${retired}.`] : []),
    ...(moved ? ['', `**Moved** from \`${moved.from}\`: ${moved.sentence}.`] : []),
    '',
    '```text',
    ...statesOf(fixture).flatMap(([state, objects]) => stateLines(system, state, objects)),
    '```',
    '',
  ].join('\n');
}

function probeLine(probe: ReturnType<typeof probesOf>[number]): string {
  const selectors = selectorsOf(probe).map(selectorWords).join(', or ');
  return `- ${probe.probe}${probe.optional ? ' (optional)' : ''}: ${selectors}`;
}

function selectorWords({ kind, name, labels = {} }: WorkloadSelector): string {
  const parts = [
    ...(name === undefined ? [] : [`named \`${name}\``]),
    ...Object.entries(labels).map(([key, value]) => `\`${key}: ${value}\``),
  ];
  return [kind, parts.join(', ')].filter((part) => part !== '').join(' ');
}

export function statesOf({ healthy, progressing, broken, also = {} }: SystemFixture) {
  const states: readonly (readonly [string, readonly KubernetesObject[]])[] = [
    ['healthy', healthy],
    ['progressing', progressing],
    ['broken', broken],
    ['not installed', []],
    ...Object.entries(also),
  ];
  return states;
}

/** A state, what the component is then, and the objects that tell: all of a healthy one, otherwise those in the way. */
function stateLines({ name }: System, state: string, objects: readonly KubernetesObject[]): string[] {
  const { status } = componentReading(name, objects);
  const readings = objectReadings(name, objects);
  const telling = status === 'healthy' ? readings : readings.filter((reading) => reading.status !== 'healthy');
  const lines = telling.map(
    ({ kind, namespace, name: object, status: own, reason }) =>
      `  ${own === status ? '' : `${own}: `}${kind} ${namespace === undefined ? '' : `${namespace}/`}${object}: ${reason}`,
  );
  return [`${state}: ${status}`, ...new Set(lines)];
}
