import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { UserError } from './errors';
import { LAYERS, isLayer, type Layer } from './layers';
import { MANUAL_STEPS_FILE } from './names';
import { nearest } from './nearest';
import type { ComponentReading, ManualStep } from './record';

/** One step of a repository's `manual-steps.yaml`: what a person still does by hand while the platform comes up. */
const stepSchema = z.strictObject(
  {
    name: z
      .string({ error: 'write a name such as unseal-vault' })
      .regex(/^[a-z][a-z0-9-]*$/, { error: 'use lower-case letters, digits and hyphens, beginning with a letter' }),
    layer: z.enum(LAYERS, { error: `write one of ${LAYERS.join(', ')}` }),
    component: z.string({ error: 'write the name of the component that waits for it' }).optional(),
    description: z
      .string({ error: 'say in a sentence what is to be done' })
      .trim()
      .min(1, { error: 'say in a sentence what is to be done' }),
    owner: z.string({ error: 'write who does it' }).optional(),
    minutes: z
      .number({ error: 'write the minutes it takes as a number' })
      .positive({ error: 'write more than 0 minutes' })
      .optional(),
  },
  { error: 'write it as a mapping with name, layer and description' },
);

const manualStepsSchema = z.strictObject(
  { steps: z.array(stepSchema, { error: 'write "steps: []", or a list of steps' }) },
  { error: 'write a mapping with the key steps' },
);

/**
 * Reads a `manual-steps.yaml`. An empty file and `steps: []` declare that nothing is done by hand.
 * @param file its name, for the sentences
 * @returns the declared steps, in the order of the file
 * @throws UserError with one sentence per mistake (file, path, value, mend), a line each
 */
export function parseManualSteps(text: string, file = MANUAL_STEPS_FILE): ManualStep[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    const what = broken.message.split('\n')[0]?.replace(/ at line.*$/, '');
    throw new UserError(`${file}:${line}: this is not YAML: ${what}; mend the syntax.`);
  }
  const data: unknown = document.toJS() ?? { steps: [] };
  const parsed = manualStepsSchema.safeParse(data);
  if (!parsed.success) {
    throw new UserError(parsed.error.issues.flatMap((issue) => sentences(issue, data, file)).join('\n'));
  }
  const { steps } = parsed.data;
  const repeated = steps.findIndex(({ name }, index) => steps.findIndex((step) => step.name === name) !== index);
  if (repeated >= 0) {
    throw new UserError(
      `${file}: steps[${repeated}].name is "${steps[repeated]?.name}", which an earlier step has too; ` +
        'give each step its own name.',
    );
  }
  return steps.map(declared);
}

/**
 * The declared step of a layer that is due: one that names no component when the layer begins, before anything of it is
 * read; one that names a component once that waits for a person, such as a Vault that is sealed. A component that never
 * does (a Vault that unseals itself) needs no one.
 * @param components what was read of the layer; none before its first read
 */
export function dueStep(
  steps: readonly ManualStep[],
  layer: Layer,
  components: readonly ComponentReading[] = [],
): ManualStep | undefined {
  const declaredSteps = steps.filter((step) => step.layer === layer && step.status === 'declared');
  return (
    declaredSteps.find(({ component }) => component === undefined) ??
    declaredSteps.find(({ component }) => components.some((each) => each.name === component && waitsForSomebody(each)))
  );
}

function waitsForSomebody({ blocking }: ComponentReading): boolean {
  return blocking.some(({ status }) => status === 'suspended');
}

function declared({ owner, minutes, component, ...step }: z.infer<typeof stepSchema>): ManualStep {
  return {
    ...step,
    ...(component !== undefined && { component }),
    source: 'declared',
    status: 'declared',
    ...(owner !== undefined && { owner }),
    ...(minutes !== undefined && { expectedMinutes: minutes }),
  };
}

function sentences(issue: z.core.$ZodIssue, data: unknown, file: string): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, Object.keys(issue.path.length === 0 ? manualStepsSchema.shape : stepSchema.shape));
      const mend = near ? `did you mean ${near}?` : 'take it out.';
      return `${file}: ${pathText([...issue.path, key])} is not known here; ${mend}`;
    });
  }
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key],
    data,
  );
  const said = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  const near = issue.path.at(-1) === 'layer' && typeof value === 'string' && !isLayer(value) && nearest(value, LAYERS);
  return [`${file}: ${pathText(issue.path)} ${said}; ${near ? `did you mean ${near}?` : `${issue.message}.`}`];
}

function pathText(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return joined.replace(/^\./, '') || 'the file';
}
