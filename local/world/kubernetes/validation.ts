import { isFields, type Manifest, type PodTemplate } from './manifest';

export interface Mistake {
  readonly field: string;
  readonly message: string;
}

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const PORT_RANGE = 'must be between 1 and 65535, inclusive';

/** What the API server finds wrong with an object (the mistakes that manifests of a repository tend to have). */
export function mistakesIn(object: Manifest): Mistake[] {
  const { name } = object.metadata;
  return [
    ...(object.kind === 'CustomResourceDefinition' || NAME.test(name) || name.includes(':')
      ? []
      : [
          {
            field: 'metadata.name',
            message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
          },
        ]),
    ...(SPEC_MISTAKES[object.kind]?.(object) ?? []),
  ];
}

/** The mistakes as the API server words them: `Service "bad" is invalid: …`. */
export function invalidMessage(object: Manifest, mistakes: readonly Mistake[]): string {
  const listed = mistakes.map(({ field, message }) => `${field}: ${message}`);
  return `${object.kind} "${object.metadata.name}" is invalid: ${listed.length > 1 ? `[${listed.join(', ')}]` : listed[0]}`;
}

const SPEC_MISTAKES: Readonly<Record<string, (object: Manifest) => Mistake[]>> = {
  Service: ({ spec }) => {
    const ports = Array.isArray(spec?.['ports']) ? spec['ports'] : [];
    return ports.flatMap((port: unknown, index) => (isFields(port) ? portMistakes(port, index) : []));
  },
  Deployment: workloadMistakes,
  StatefulSet: workloadMistakes,
  DaemonSet: workloadMistakes,
  Job: ({ spec }) => containerMistakes(spec?.['template']),
};

function portMistakes(port: Record<string, unknown>, index: number): Mistake[] {
  return ['port', 'targetPort']
    .map((field) => ({ field, value: port[field] ?? (field === 'targetPort' ? port['port'] : undefined) }))
    .filter(({ value }) => typeof value === 'number' && (value < 1 || value > 65_535))
    .map(({ field, value }) => ({
      field: `spec.ports[${index}].${field}`,
      message: `Invalid value: ${String(value)}: ${PORT_RANGE}`,
    }));
}

function workloadMistakes({ spec }: Manifest): Mistake[] {
  const selector = isFields(spec?.['selector']) ? spec['selector'] : undefined;
  if (!selector)
    return [{ field: 'spec.selector', message: 'Required value' }, ...containerMistakes(spec?.['template'])];
  const wanted = isFields(selector['matchLabels']) ? selector['matchLabels'] : {};
  const template = isFields(spec?.['template']) ? (spec['template'] as PodTemplate) : {};
  const labels = template.metadata?.labels ?? {};
  const matching = Object.entries(wanted).every(([key, value]) => labels[key] === value);
  return [
    ...(matching
      ? []
      : [
          {
            field: 'spec.template.metadata.labels',
            message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
          },
        ]),
    ...containerMistakes(template),
  ];
}

function containerMistakes(template: unknown): Mistake[] {
  const containers = (isFields(template) ? (template as PodTemplate) : {}).spec?.containers;
  if (!Array.isArray(containers) || containers.length === 0)
    return [{ field: 'spec.template.spec.containers', message: 'Required value' }];
  return containers.flatMap((container, index) =>
    container.image ? [] : [{ field: `spec.template.spec.containers[${index}].image`, message: 'Required value' }],
  );
}
