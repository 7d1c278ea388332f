import * as z from 'zod';
import { DrillError, ErrorName } from './errors';
import { nearest } from './nearest';
import type { Settings, Targets } from './settings';

/** A branch, a tag or a commit, and nothing that git would take for an option. */
export const REF = /^(?!-)[\w./-]{1,200}$/;

/** What an execution may say. Unknown keys are ignored: the console proposes `{"Comment": "…"}`. */
const inputSchema = z.looseObject({
  target: z.string().optional(),
  ref: z.string().regex(REF).optional(),
  scheduledAt: z.iso.datetime({ offset: true }).optional(),
});

export interface DrillRequest {
  readonly settings: Settings;
  readonly ref: string;
  /** Set when the schedule started it. */
  readonly scheduledAt?: string;
}

const MEND: Record<string, string> = {
  target: 'write the name of a target as text',
  ref: 'write a branch, a tag or a full commit SHA',
  scheduledAt: 'write an ISO 8601 time such as 2026-10-05T06:00:00Z, or leave it out',
};

/**
 * Reads the input of an execution: `{}` drills the default target.
 * @throws DrillError `InvalidInput` with a sentence that names the key, the value and the mend.
 */
export function readDrillInput(input: unknown, targets: Targets): DrillRequest {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) {
    const key = String(parsed.error.issues[0]?.path[0] ?? '');
    const value = (input as Record<string, unknown> | null)?.[key];
    throw new DrillError(
      ErrorName.InvalidInput,
      key === ''
        ? 'The input is not a JSON object; write {} for the default target, or {"target": "name", "ref": "main"}'
        : `The input's "${key}" is ${JSON.stringify(value)}; ${MEND[key]}`,
    );
  }
  const { target, ref, scheduledAt } = parsed.data;
  const settings = target === undefined ? targets[0]! : targets.find((candidate) => candidate.name === target);
  if (!settings) throw unknownTarget(target!, targets);
  return { settings, ref: ref ?? settings.ref, ...(scheduledAt === undefined ? {} : { scheduledAt }) };
}

function unknownTarget(target: string, targets: Targets): DrillError {
  const names = targets.map(({ name }) => name);
  const near = nearest(target, names);
  const mend = near ? `did you mean "${near}"?` : `drill.yaml has ${names.join(', ')}.`;
  return new DrillError(ErrorName.InvalidInput, `There is no target "${target}"; ${mend}`);
}
