import { parse } from 'yaml';
import * as z from 'zod';
import { UserError, messageOf } from '../../domain/errors';

/** The phases in which a buildspec may run commands, in their order. */
export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;
export type PhaseName = (typeof PHASES)[number];

const commands = z.array(z.string());

const phaseSchema = z.strictObject({
  commands,
  /** Run after the commands, also after a failed one. */
  finally: commands.optional(),
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  /** Which tools the CodeBuild image switches to; here the build runs on the drill's own Node. */
  'runtime-versions': z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/**
 * The part of CodeBuild's buildspec language that the drill's builds use. Whatever else a buildspec says is refused, so
 * that a local drill never passes because it left something out.
 * Reference: docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
const buildspecSchema = z.strictObject({
  version: z.literal([0.2, '0.2']),
  env: z
    .strictObject({
      shell: z.literal('bash').optional(),
      variables: z.record(z.string(), z.coerce.string()).optional(),
      'exported-variables': z.array(z.string().regex(/^\w+$/)).optional(),
    })
    .optional(),
  phases: z.partialRecord(z.enum(PHASES), phaseSchema),
});
export type Buildspec = z.infer<typeof buildspecSchema>;

/**
 * Reads a buildspec.
 * @param name where it comes from, for the sentence of a mistake.
 * @throws UserError when it is no YAML or says something that is not known here.
 */
export function parseBuildspec(name: string, text: string): Buildspec {
  let buildspec = parsed.get(text);
  if (!buildspec) parsed.set(text, (buildspec = read(name, text)));
  return buildspec;
}

/** Buildspecs by their text: there are five, and a simulation makes thousands of accounts with them. */
const parsed = new Map<string, Buildspec>();

function read(name: string, text: string): Buildspec {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new UserError(`${name}: the buildspec is no YAML: ${messageOf(error)}`, { cause: error });
  }
  const result = buildspecSchema.safeParse(content);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`);
  throw new UserError(`${name}: the buildspec cannot be run locally: ${issues.join('; ')}`);
}
