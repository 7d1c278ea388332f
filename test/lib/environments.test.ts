import type { z } from 'zod';
import { BUILD_ID_VARIABLE, DRILL_ID_VARIABLE } from '../../domain/names';
import type { LambdaEnvironments } from '../../lib/entries';
import { sampleStack } from '../support/stack';

type Schema = z.ZodObject;

/** The schema that the Lambda or the step itself parses its variables with. */
function schemaOf(folder: 'lambdas' | 'buildspecs', entry: string): Schema {
  return jest.requireActual<{ environmentSchema: Schema }>(`../../${folder}/${entry}/environment`).environmentSchema;
}

const { stack } = sampleStack();

test.each(stack.functions)('$entry is given the variables that it parses, and no others', ({ entry, environment }) => {
  const { NODE_OPTIONS: _runtime, ...given } = environment;
  const schema = schemaOf('lambdas', entry);
  expect(schema.strict().parse(given)).toEqual(given);
});

test.each(stack.projects)('$build is given the variables that it parses, and no others', (project) => {
  const { build, environment, name } = project;
  const schema = schemaOf('buildspecs', build);
  const given = {
    ...environment,
    [DRILL_ID_VARIABLE]: 'example-20261005-0600-a1b2c3',
    [BUILD_ID_VARIABLE]: `${name}:1b2c3d4e`,
  };
  expect(schema.strict().parse(given)).toEqual(given);
});

test('variables name resources of the stack itself', () => {
  const values = [...stack.functions, ...stack.projects].flatMap(({ environment }) => Object.entries(environment));
  const machines = new Set(stack.machines.map(({ arn }) => arn));
  const arns = values.filter(([name]) => name.endsWith('MACHINE_ARN')).map(([, value]) => value);
  expect(arns.length).toBeGreaterThan(0);
  expect(arns.filter((arn) => !machines.has(arn))).toEqual([]);
  expect(
    values.filter(([name]) => name === 'STATE_BUCKET' || name === 'EVIDENCE_BUCKET').map(([, value]) => value),
  ).toEqual(expect.arrayContaining([...stack.buckets]));
});

test('a variable that a construct forgets does not compile', () => {
  // @ts-expect-error EVIDENCE_BUCKET is missing: `npm run typecheck` fails here if that were accepted.
  const forgetful: LambdaEnvironments['note-failure'] = { TABLE_NAME: 'cluster-drill-history' };
  expect(schemaOf('lambdas', 'note-failure').safeParse(forgetful).success).toBe(false);
});
