import { awsHost } from '../../adapters/aws-host';
import type { Host } from '../../adapters/host';
import { BUILDS } from '../../domain/names';
import { LAMBDAS, type LambdaName } from '../../lib/entries';
import { statementsOf } from '../support/policies';
import { sampleConfig, sampleSettings } from '../support/settings';
import { sampleStack } from '../support/stack';
import { UsedActions } from '../support/used-actions';

/** Roles of Lambdas that stand outside of `DrillLambdas`, by the beginning of their logical ids. */
const ROLES: Partial<Record<LambdaName, string>> = {
  'check-quarter': 'QuarterCheckFunction',
  'guard-drill': 'GuardFunction',
  'open-drill': 'OpenDrillFunction',
  'patrol-drills': 'PatrolFunction',
};

/** Reading is granted by the service and not to each by its own needs. */
const READING = /:(Describe|Get|List|Batch(Get|Describe))/;
/** Traces and dead letters, a build's log, source and key; and the history. */
const GRANTED_ALIKE =
  /^(codebuild:.*Report|dynamodb|kms|s3:PutObject|logs:(CreateLogGroup|CreateLogStream|PutLogEvents)|sqs|xray)/;

// A target with everything that asks for a permission of its own.
const { template } = sampleStack(
  sampleConfig(sampleSettings({ access: { tokenSecret: 'git/token' }, requiredSecrets: ['platform/key'] })),
);
const used = new UsedActions();

const entries = [
  ...(Object.keys(LAMBDAS) as LambdaName[]).map((name) => ({
    name,
    role: ROLES[name] ?? `Lambdas${pascal(name)}`,
    actions: used.of(`lambdas/${name}/handler.ts`, 'handler'),
  })),
  ...BUILDS.map((name) => ({
    name,
    role: `Builds${pascal(name)}Role`,
    actions: used.of(
      `buildspecs/${name}/step.ts`,
      pascal(name).replace(/^./, (first) => first.toLowerCase()),
    ),
  })),
];

test('what code may ask of AWS is read off its source', () => {
  const own: readonly (keyof Host)[] = ['clock', 'commands', 'log'];
  expect([...used.ports, ...own].toSorted()).toEqual(Object.keys(awsHost({})).toSorted());
  expect(actionsOf('check-readiness')).toContain('secretsmanager:GetSecretValue');
  expect(actionsOf('stop-builds')).toEqual(
    expect.arrayContaining(['codebuild:ListBuildsForProject', 'codebuild:StopBuild']),
  );
  expect(actionsOf('find-leaks')).toEqual(
    expect.arrayContaining(['iam:ListRoleTags', 'elasticloadbalancing:DescribeTags']),
  );
  expect(actionsOf('find-leaks').filter((action) => action.includes(':Delete'))).toEqual([]);
  expect(actionsOf('sweep-leaks')).toEqual(
    expect.arrayContaining(['ec2:RevokeSecurityGroupIngress', 'iam:DeleteRole']),
  );
});

test.each(entries)('$name may do in AWS all that its code may ask for', ({ actions, role }) => {
  const allowed = allowedTo(role);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !allowed.some((pattern) => isMatch(action, pattern)))).toEqual([]);
});

/** What Terraform does is not read off our source. */
const others = entries.filter(({ name }) => name !== 'provision-cluster' && name !== 'destroy-cluster');

test.each(others)('$name may change nothing that its code never changes', ({ actions, role }) => {
  const own = allowedTo(role).filter((action) => !READING.test(action) && !GRANTED_ALIKE.test(action));
  expect(own.filter((action) => !actions.includes(action))).toEqual([]);
});

function actionsOf(entry: string): readonly string[] {
  return entries.find(({ name }) => name === entry)!.actions;
}

function allowedTo(role: string): string[] {
  return statementsOf(template, role).flatMap(({ Action }) => Action);
}

function isMatch(action: string, pattern: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
