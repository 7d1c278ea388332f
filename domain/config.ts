import { isScalar, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import * as z from 'zod';
import { componentMistakes, componentOf, componentSchema, slug } from './component-config';
import { cronMistake } from './cron';
import { parseDuration } from './duration';
import { messageOf, UserError } from './errors';
import { GITOPS_LAYERS, type GitopsLayer } from './layers';
import { limitsConfigSchema, type Limits } from './limits';
import { nearest } from './nearest';
import type { Schedule, Settings } from './settings';

/** First Monday of January, April, July and October at 06:00, in the syntax of EventBridge Scheduler. */
const QUARTERLY = '0 6 ? 1,4,7,10 MON#1 *';

/**
 * Step Functions fails an execution after 25,000 events. A turn of waiting for a layer makes nine and takes at least the
 * 30 s of its wait: 25,000 / 9 × 30 s = 23 h, of which something is left for what else happens.
 */
const LONGEST_DEADLINE_SECONDS = 20 * 3600;

/** A text with its mend: what the person is told to write instead. */
const text = (pattern: RegExp, mend: string) => z.string({ error: mend }).regex(pattern, { error: mend });
const mapping = 'write it as a mapping of keys';
/** A check whose mend says what is wrong. */
const unless = (mistake: (value: string) => string | undefined) =>
  [
    (value: string) => mistake(value) === undefined,
    { error: ({ input }: { input?: unknown }) => mistake(String(input)) },
  ] as const;

const durationMend = 'write a duration such as 2h, 25m or 1h30m';
const duration = (fallback: string) =>
  z
    .string({ error: durationMend })
    .refine((value) => (parseDuration(value) ?? 0) > 0, { error: durationMend })
    .meta({ pattern: '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$', description: 'A duration such as 2h, 25m or 1h30m' })
    .default(fallback);

const folder = (mend: string) => text(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, mend);
const exactVersion = (mend: string) => text(/^v?\d+\.\d+\.\d+([-+][\w.]+)?$/, mend);
const ENGINE_VERSION_MEND = 'pin an exact version of the Helm chart (argo-cd or flux2)';
const email = z.email({ error: 'write an e-mail address such as platform@example.com' });

const gitopsLayer = (objective: string, deadline: string) =>
  z.strictObject(
    {
      objective: duration(objective),
      deadline: duration(deadline),
      components: z
        .array(componentSchema, { error: 'list the components of the layer' })
        .min(1, { error: 'list at least one component' }),
    },
    { error: mapping },
  );

const targetSchema = z.strictObject(
  {
    name: slug.meta({ description: 'Name of the target, as in {"target": "name"}' }),
    repository: text(
      /^(https:\/\/|ssh:\/\/|git@|file:\/\/|\/|\.)\S+$/,
      'write the URL of the bootstrap repository, such as https://git.example.com/platform/bootstrap.git',
    ).refine((url) => !/^https:\/\/[^/]*@/.test(url), {
      error: 'take the credentials out: records and reports show it; access.tokenSecret names a secret with a token',
    }),
    ref: text(/^(?!-)[\w./-]+$/, 'write a branch, a tag or a full commit SHA').default('main'),
    region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'write an AWS region such as eu-central-1'),
    account: text(/^\d{12}$/, 'write the twelve digits of the AWS account in quotes'),
    access: z
      .union(
        [
          z.strictObject({ tokenSecret: text(/^[\w/+=.@-]+$/, 'name a secret of Secrets Manager') }),
          z.strictObject({
            connection: text(
              /^arn:[\w-]+:(codeconnections|codestar-connections):/,
              'write the ARN of a CodeConnections connection',
            ),
          }),
        ],
        { error: 'write either tokenSecret (a secret of Secrets Manager) or connection (an ARN of CodeConnections)' },
      )
      .optional(),
    terraform: z.strictObject(
      {
        directory: folder('write a folder of the repository, such as terraform').default('terraform'),
        version: exactVersion('pin an exact version such as 1.11.4'),
        variables: z.record(z.string(), z.unknown(), { error: 'write a mapping of Terraform variables' }).default({}),
      },
      { error: mapping },
    ),
    gitops: z.strictObject(
      {
        engine: z.enum(['argocd', 'flux'], { error: 'write argocd or flux' }),
        version: exactVersion(ENGINE_VERSION_MEND)
          .optional()
          .meta({ description: 'Of the Helm chart argo-cd or flux2; none where EKS manages Argo CD' }),
        managed: z
          .boolean({ error: 'write true or false' })
          .optional()
          .meta({ description: 'Argo CD as an EKS capability, which Terraform makes' }),
        path: folder('write a folder of the repository, such as gitops/argocd'),
      },
      { error: mapping },
    ),
    layers: z.strictObject(
      {
        cluster: z
          .strictObject({ objective: duration('25m'), deadline: duration('30m') }, { error: mapping })
          .prefault({}),
        foundation: gitopsLayer('15m', '40m'),
        platform: gitopsLayer('30m', '60m'),
        applications: gitopsLayer('15m', '40m'),
      },
      { error: 'describe the layers foundation, platform and applications' },
    ),
    schedule: z
      .strictObject({
        cron: text(
          /^\S+( \S+){5}$/,
          'write six fields as EventBridge Scheduler wants them, such as 0 6 ? 1,4,7,10 MON#1 *',
        )
          .refine(...unless(cronMistake))
          .default(QUARTERLY),
        timeZone: z
          .string()
          .refine(isTimeZone, { error: 'write an IANA time zone such as Europe/Amsterdam' })
          .default('Etc/UTC'),
        enabled: z.boolean({ error: 'write true or false' }).default(true),
      })
      .prefault({}),
    objective: duration('2h').meta({ description: 'From terraform apply to applications running' }),
    deadline: duration('3h').meta({ description: 'When the drill gives up and tears down' }),
    manualStepDeadline: duration('2h').meta({ description: 'How long a declared manual step may wait for its person' }),
    requiredSecrets: z.array(z.string(), { error: 'list names of secrets' }).default([]),
    report: z.strictObject(
      {
        from: email,
        to: z.array(email, { error: 'list e-mail addresses' }).min(1, { error: 'list at least one recipient' }),
      },
      { error: mapping },
    ),
  },
  { error: mapping },
);

/** drill.yaml, as a person writes it. */
const configSchema = z.strictObject(
  {
    targets: z.array(targetSchema, { error: 'list the targets' }).min(1, { error: 'list at least one target' }),
    limits: limitsConfigSchema.prefault({}),
  },
  { error: 'write a mapping with the key targets' },
);
type TargetConfig = z.infer<typeof targetSchema>;

/** A target of drill.yaml with every default filled in. */
export interface Target {
  readonly settings: Settings;
  readonly schedule: Schedule;
}

/** What drill.yaml says; the first target is the default one. */
export interface Config {
  readonly targets: readonly Target[];
  /** Of each place by itself. */
  readonly limits: Limits;
}

/** The JSON Schema of drill.yaml, for editors. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
}

/**
 * Reads the text of a drill.yaml.
 * @param file name of the file, for the sentences.
 * @throws UserError with one sentence per mistake (file and line, path, value, mend), a line each.
 */
export function loadConfig(content: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, merge: true });
  const [broken] = document.errors;
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new UserError(`${file}:${line}: ${yamlMistake(broken, content.split('\n')[line - 1]!.trim())}`);
  }
  const data = plainData(document, content, file);
  const parsed = configSchema.safeParse(data);
  const place = (path: readonly PropertyKey[]): string => `${file}:${lineOf(document, lines, path)}: ${pathText(path)}`;
  if (!parsed.success) {
    throw new UserError(parsed.error.issues.flatMap((issue) => sentences(issue, data, place)).join('\n'));
  }
  const mistakes = [
    ...crossChecks(parsed.data.targets, place),
    ...parsed.data.targets.flatMap((target, index) => rewrittenVariables(document, target, index, place)),
  ];
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));
  return {
    targets: parsed.data.targets.map((target) => ({ settings: settingsOf(target), schedule: target.schedule })),
    limits: parsed.data.limits,
  };
}

/** What the parser found, in words for the person who wrote the line. */
function yamlMistake({ code, message }: YAMLError, text: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins; keep one, and take the line --- out.';
  return `this is not YAML: ${message.split('\n')[0]!.replace(/ at line.*$/, '')}, in "${text}".`;
}

/** @throws UserError for an alias without its anchor, which shows only here. */
function plainData(document: Document, content: string, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const alias = / anchor .*: (\S+)$/.exec(messageOf(error))?.[1];
    const line = content.slice(0, Math.max(0, content.indexOf(`*${alias}`))).split('\n').length;
    throw new UserError(`${file}:${line}: this is not YAML: ${messageOf(error)}.`);
  }
}

/** `1.30` without quotes is the number 1.3, and a version that Terraform gets is another one than the file shows. */
function rewrittenVariables(
  document: Document,
  { terraform }: TargetConfig,
  index: number,
  place: (path: readonly PropertyKey[]) => string,
): string[] {
  return Object.keys(terraform.variables).flatMap((name) => {
    const path = ['targets', index, 'terraform', 'variables', name];
    const node = document.getIn(path, true);
    if (!isScalar(node) || typeof node.value !== 'number' || node.source === String(node.value)) return [];
    return [`${place(path)} is ${node.source}, which YAML reads as ${node.value}; write it in quotes.`];
  });
}

function settingsOf(target: TargetConfig): Settings {
  const layer = (name: GitopsLayer) => ({
    ...times(target.layers[name]),
    components: target.layers[name].components.map(componentOf),
  });
  return {
    name: target.name,
    repository: target.repository,
    ref: target.ref,
    region: target.region,
    account: target.account,
    ...(target.access ? { access: target.access } : {}),
    terraform: target.terraform,
    gitops: gitopsOf(target.gitops),
    layers: {
      cluster: times(target.layers.cluster),
      foundation: layer('foundation'),
      platform: layer('platform'),
      applications: layer('applications'),
    },
    objectiveSeconds: parseDuration(target.objective)!,
    deadlineSeconds: parseDuration(target.deadline)!,
    manualStepDeadlineSeconds: parseDuration(target.manualStepDeadline)!,
    requiredSecrets: target.requiredSecrets,
    report: target.report,
  };
}

/** What is not written is left out, as everywhere in the settings. */
function gitopsOf({ engine, version, managed, path }: TargetConfig['gitops']): Settings['gitops'] {
  return { engine, path, ...(version === undefined ? {} : { version }), ...(managed ? { managed } : {}) };
}

function times(layer: { objective: string; deadline: string }) {
  return { objectiveSeconds: parseDuration(layer.objective)!, deadlineSeconds: parseDuration(layer.deadline)! };
}

/** Mistakes between values that are right each for itself. */
function crossChecks(targets: readonly TargetConfig[], place: (path: readonly PropertyKey[]) => string): string[] {
  return targets.flatMap((target, index) => {
    const at = (...path: PropertyKey[]): string => place(['targets', index, ...path]);
    const mistakes: string[] = [];
    if (targets.findIndex((other) => other.name === target.name) !== index) {
      mistakes.push(
        `${at('name')} is "${target.name}", which an earlier target has too; give each target its own name.`,
      );
    }
    if (parseDuration(target.deadline)! <= parseDuration(target.objective)!) {
      mistakes.push(
        `${at('deadline')} is ${target.deadline}, not more than the objective of ${target.objective}; give the drill longer than its objective, or it can never be missed.`,
      );
    }
    if (parseDuration(target.deadline)! > LONGEST_DEADLINE_SECONDS) {
      mistakes.push(
        `${at('deadline')} is ${target.deadline}; give the drill at most 20h, or Step Functions ends it for the length of its history.`,
      );
    }
    mistakes.push(...gitopsMistakes(target.gitops, at));
    const layerOf = new Map<string, GitopsLayer>();
    for (const layer of GITOPS_LAYERS) {
      for (const [position, written] of target.layers[layer].components.entries()) {
        const { name } = componentOf(written);
        const earlier = layerOf.get(name);
        if (earlier) {
          mistakes.push(
            `${at('layers', layer, 'components', position)} is "${name}", which the ${earlier} layer has already; list each component once.`,
          );
        }
        layerOf.set(name, layer);
        mistakes.push(...componentMistakes(written, (...path) => at('layers', layer, 'components', position, ...path)));
      }
    }
    return mistakes;
  });
}

function gitopsMistakes(
  { engine, managed = false, version }: TargetConfig['gitops'],
  at: (...path: PropertyKey[]) => string,
): string[] {
  if (!managed) {
    return version === undefined ? [`${at('gitops', 'version')} is missing; ${ENGINE_VERSION_MEND}.`] : [];
  }
  const managesArgoOnly = `${at('gitops', 'managed')} is true, but EKS manages Argo CD only; write engine: argocd, or take it out.`;
  const versionIsTheirs = `${at('gitops', 'version')} is "${version}", but EKS chooses the version of the Argo CD that it manages; take it out.`;
  return [
    ...(engine === 'argocd' ? [] : [managesArgoOnly]),
    ...(engine === 'argocd' && version !== undefined ? [versionIsTheirs] : []),
  ];
}

/** One sentence per mistake that the schema found. A union's mistakes are those of its nearest branch. */
function sentences(issue: z.core.$ZodIssue, data: unknown, place: (path: readonly PropertyKey[]) => string): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(configJsonSchema(), issue.path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      return `${place([...issue.path, key])} is not known here; ${near ? `did you mean "${near}"?` : 'take it out or check its spelling.'}`;
    });
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) => errors.some((error) => error.path.length > 0));
    if (branch)
      return branch.flatMap((error) => sentences({ ...error, path: [...issue.path, ...error.path] }, data, place));
  }
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    data,
  );
  const said = value === undefined ? 'is missing' : value === null ? 'is empty' : `is ${JSON.stringify(value)}`;
  return [`${place(issue.path)} ${said}; ${issue.message}.`];
}

interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
  readonly anyOf?: readonly KeySchema[];
}

/** The keys that the schema knows at a path. */
function keysAt(schema: KeySchema | undefined, [key, ...rest]: readonly PropertyKey[]): string[] {
  if (!schema) return [];
  return (schema.anyOf ?? [schema]).flatMap((branch) => {
    if (key === undefined) return Object.keys(branch.properties ?? {});
    return keysAt(typeof key === 'number' ? branch.items : branch.properties?.[String(key)], rest);
  });
}

function pathText(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return joined.replace(/^\./, '') || 'the file';
}

/** The line of the deepest node on the path that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
