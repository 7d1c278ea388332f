import { Match } from 'aws-cdk-lib/assertions';
import { BUILDS, MACHINE, TABLE_NAME } from '../../domain/names';
import { LAMBDAS } from '../../lib/entries';
import { statementsOf } from '../support/policies';
import { sampleConfig, sampleSchedule, sampleSettings } from '../support/settings';
import { sampleStack } from '../support/stack';

const { assertions, stack, template } = sampleStack();

function actionsOf(role: string): string[] {
  return statementsOf(template, role).flatMap(({ Action }) => Action);
}

describe('the history table', () => {
  test('is on demand, protected, recoverable to a point in time, and outlives the stack', () => {
    assertions.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: TABLE_NAME,
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  test('may be scanned by nobody', () => {
    expect(JSON.stringify(template)).not.toContain('dynamodb:Scan');
  });

  test('loses items only where a lease or a slot is given back', () => {
    const deleting = Object.entries(template.Resources)
      .filter(([, resource]) => JSON.stringify(resource).includes('dynamodb:DeleteItem'))
      .map(([id]) => id.replace(/ServiceRole.*/, ''));
    expect(deleting.toSorted()).toEqual(['LambdasJudgeDrill', 'OpenDrillFunction', 'PatrolFunction']);
    expect(
      statementsOf(template, 'LambdasJudgeDrill').find(({ Action }) => Action === 'dynamodb:DeleteItem')?.Condition,
    ).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['LEASE#*', 'SLOTS'] },
    });
  });
});

test('every bucket is encrypted, private, versioned, and open to TLS only', () => {
  const buckets = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::S3::Bucket');
  expect(buckets.length).toBe(3);
  assertions.allResourcesProperties('AWS::S3::Bucket', {
    BucketEncryption: Match.anyValue(),
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  for (const [id] of buckets) {
    assertions.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  }
});

test('what outlives the stack can be taken over by the next one: it has a name of its own in the template', () => {
  const kept = Object.entries(
    assertions.toJSON()['Resources'] as Record<
      string,
      { DeletionPolicy?: string; Properties?: Record<string, unknown> }
    >,
  ).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
  const names = ['BucketName', 'EmailIdentity', 'TableName'];
  const unnamed = kept.filter(([, { Properties = {} }]) => !names.some((name) => name in Properties));
  expect(kept.length).toBe(5);
  // Access logs have no past that anybody would look for by name.
  expect(unnamed.map(([id]) => id)).toEqual([expect.stringMatching(/^BucketsAccessLogs/)]);
});

describe('the Lambdas', () => {
  test('are those of lambdas/, each once', () => {
    expect(stack.functions.map(({ entry }) => entry).toSorted()).toEqual(Object.keys(LAMBDAS).toSorted());
  });

  test('run on the newest LTS of Node, on arm64, traced', () => {
    assertions.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('delete AWS resources only by tag or by the name of a drill cluster', () => {
    const deleting = statementsOf(template, 'LambdasSweepLeaks').filter(({ Action }) =>
      [Action].flat().some((action) => /:(Delete|Terminate|Release|Schedule|Detach|Remove)/.test(action)),
    );
    expect(deleting.length).toBeGreaterThan(3);
    const unfenced = deleting.filter(
      ({ Condition, Resource }) => !Condition && ![Resource].flat().every((arn) => String(arn).includes('drill-')),
    );
    expect(unfenced).toEqual([]);
  });

  test('delete each log group that the inventory looks for', () => {
    const groups = statementsOf(template, 'LambdasSweepLeaks').find(({ Action }) => Action === 'logs:DeleteLogGroup');
    const prefix = 'arn:aws:logs:eu-central-1:000000000000:log-group:/aws';
    expect(groups?.Resource).toEqual([`${prefix}/containerinsights/drill-*`, `${prefix}/eks/drill-*`]);
  });
});

describe('the builds', () => {
  test('are those of buildspecs/, each a project with a role of its own', () => {
    expect(stack.projects.map(({ build }) => build).toSorted()).toEqual([...BUILDS].toSorted());
    const roles = Object.values(assertions.findResources('AWS::CodeBuild::Project')).map((project) =>
      JSON.stringify((project['Properties'] as Record<string, unknown>)['ServiceRole']),
    );
    expect(new Set(roles).size).toBe(BUILDS.length);
  });

  test('are never tried again by CodeBuild itself, and do not wait for a machine for hours', () => {
    assertions.allResourcesProperties('AWS::CodeBuild::Project', {
      AutoRetryLimit: 0,
      QueuedTimeoutInMinutes: 15,
      EncryptionKey: Match.anyValue(),
    });
  });

  test('pass roles to EKS, EC2 and pods only, and only those of a drill cluster', () => {
    const passing = ['BuildsProvisionClusterRole', 'BuildsDestroyClusterRole'].map((role) =>
      statementsOf(template, role).find(({ Action }) => Action === 'iam:PassRole'),
    );
    for (const statement of passing) {
      expect(statement).toMatchObject({
        Resource: 'arn:aws:iam::000000000000:role/drill-*',
        Condition: {
          StringEquals: {
            'iam:PassedToService': [
              'eks.amazonaws.com',
              'ec2.amazonaws.com',
              'pods.eks.amazonaws.com',
              'eks-fargate-pods.amazonaws.com',
              'capabilities.eks.amazonaws.com',
            ],
          },
        },
      });
    }
  });

  test('see every role: EKS asks with their rights whether its service-linked ones exist', () => {
    // https://github.com/terraform-aws-modules/terraform-aws-eks/issues/823
    const seeing = statementsOf(template, 'BuildsProvisionClusterRole').find(({ Action }) => Action === 'iam:GetRole');
    expect(seeing?.Resource).toBe('arn:aws:iam::000000000000:role/*');
  });

  test('change roles only where Terraform runs', () => {
    for (const role of ['BuildsCheckReadinessRole', 'BuildsInstallGitopsRole', 'BuildsDrainClusterRole']) {
      expect({ role, actions: actionsOf(role).filter((action) => action.startsWith('iam:Create')) }).toEqual({
        role,
        actions: [],
      });
    }
  });

  test('read the secrets that a target names, and no others', () => {
    const config = sampleConfig(
      sampleSettings({ access: { tokenSecret: 'git/token' }, requiredSecrets: ['platform/key'] }),
    );
    const text = JSON.stringify(sampleStack(config).template);
    const secrets = [...text.matchAll(/secretsmanager:eu-central-1:000000000000:secret:([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(secrets)].toSorted()).toEqual(['git/token-??????', 'platform/key-??????']);
    expect(JSON.stringify(template)).not.toContain('secretsmanager:');
    const decrypting = statementsOf(sampleStack(config).template, 'BuildsCheckReadinessRole').filter(
      ({ Action, Condition }) => Action === 'kms:Decrypt' && Condition !== undefined,
    );
    expect(decrypting.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
    ]);
  });
});

describe('the machines', () => {
  test('log everything and are traced', () => {
    assertions.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: true }),
      TracingConfiguration: { Enabled: true },
      StateMachineType: Match.absent(),
    });
    expect(stack.machines.map(({ name }) => name).toSorted()).toEqual(Object.values(MACHINE).toSorted());
  });

  test('may stop the builds and executions that they wait for', () => {
    expect(actionsOf('BootstrapStoryMachineRole')).toEqual(
      expect.arrayContaining(['codebuild:StartBuild', 'codebuild:StopBuild', 'events:PutRule', 'events:PutTargets']),
    );
    expect(actionsOf('DrillStoryMachineRole')).toEqual(
      expect.arrayContaining(['states:StartExecution', 'states:StopExecution', 'states:DescribeExecution']),
    );
  });
});

describe('the schedule of a target', () => {
  test("is at its own cron in its own zone, with the scheduled time in the drill's input", () => {
    expect(stack.schedules).toEqual([
      {
        name: 'cluster-drill-example',
        expression: 'cron(0 6 ? 1,4,7,10 MON#1 *)',
        timeZone: 'Europe/Amsterdam',
        enabled: true,
        targetArn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:cluster-drill',
        input: '{"target":"example","scheduledAt":"<aws.scheduler.scheduled-time>"}',
      },
    ]);
  });

  test('gives up after three retries or two hours, into a queue', () => {
    assertions.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
  });

  test('can be switched off', () => {
    const [target] = sampleConfig().targets;
    const off = { ...sampleConfig(), targets: [{ ...target!, schedule: sampleSchedule({ enabled: false }) }] };
    expect(sampleStack(off).stack.schedules[0]?.enabled).toBe(false);
  });
});

test('the quarter is checked every day, by a Lambda that reads, notes and mails', () => {
  const check = stack.functions.find(({ entry }) => entry === 'check-quarter')!;
  expect(stack.timers.find(({ targets }) => targets.includes(check.arn))?.expression).toBe('rate(1 day)');
  const services = actionsOf('QuarterCheckFunction').map((action) => action.split(':')[0]);
  expect([...new Set(services)].toSorted()).toEqual(['dynamodb', 's3', 'ses', 'sqs', 'xray']);
});

describe('the patrol', () => {
  const patrol = stack.functions.find(({ entry }) => entry === 'patrol-drills')!;

  test('goes round every hour, and what could not be delivered is kept', () => {
    expect(stack.timers.filter(({ targets }) => targets.includes(patrol.arn))).toMatchObject([
      { expression: 'rate(1 hour)' },
    ]);
    assertions.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() } })],
    });
  });

  test('reads everything, starts teardowns and stops drills, and deletes nothing of AWS', () => {
    const actions = actionsOf('PatrolFunction');
    expect(actions).toEqual(expect.arrayContaining(['states:StartExecution', 'states:StopExecution', 'ec2:Describe*']));
    expect(actions.filter((action) => /:(Delete|Terminate|Release|Schedule|Detach|Remove)/.test(action))).toEqual([
      'dynamodb:DeleteItem',
    ]);
    const stopped = statementsOf(template, 'PatrolFunction').find(
      ({ Action }) => Action === 'states:StopExecution',
    )?.Resource;
    expect(stopped).toBe('arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:*');
  });
});

test('the guard wakes on every end of a drill or teardown that is no success, and its own failure is kept', () => {
  const guard = stack.functions.find(({ entry }) => entry === 'guard-drill')!;
  const watched = [MACHINE.drill, MACHINE.teardown].map(
    (name) => stack.machines.find((machine) => machine.name === name)!.arn,
  );
  expect(stack.rules.filter(({ targets }) => targets.includes(guard.arn)).map(({ pattern }) => pattern)).toEqual([
    {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: watched, status: ['ABORTED', 'FAILED', 'TIMED_OUT'] },
    },
  ]);
  assertions.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ TEARDOWN_MACHINE_ARN: Match.anyValue() }) },
    DeadLetterConfig: { TargetArn: Match.anyValue() },
  });
});

test('whoever sends mail may do so with the configuration set, and from the sender alone', () => {
  for (const role of ['LambdasSendReport', 'LambdasAwaitManualStep']) {
    const sending = statementsOf(template, role).find(({ Action }) => Action === 'ses:SendEmail')!;
    expect(JSON.stringify(sending.Resource)).toContain('configuration-set/');
    expect(sending.Condition).toEqual({ StringEquals: { 'ses:FromAddress': ['drill@example.com'] } });
  }
});

test('whoever sends mail may send it to each recipient, whose identity SES asks for too while it is in the sandbox', () => {
  const sending = statementsOf(template, 'LambdasSendReport').find(({ Action }) => Action === 'ses:SendEmail')!;
  const identities = ['drill@example.com', 'example.com', 'team@example.com'];
  expect(sending.Resource).toEqual(
    expect.arrayContaining(identities.map((identity) => `arn:aws:ses:eu-central-1:000000000000:identity/${identity}`)),
  );
});

test('a new KMS key may be read, rotated and given to EKS before its tag counts, and no key without the tag be deleted', () => {
  const onAnyKey = statementsOf(template, 'BuildsProvisionClusterRole').filter(
    ({ Condition, Resource }) =>
      [Resource].flat().includes('arn:aws:kms:eu-central-1:000000000000:key/*') &&
      !JSON.stringify(Condition ?? '').includes('ResourceTag'),
  );
  expect(onAnyKey.flatMap(({ Action }) => Action)).toEqual(
    expect.arrayContaining(['kms:DescribeKey', 'kms:EnableKeyRotation', 'kms:CreateGrant']),
  );
  expect(JSON.stringify(onAnyKey)).not.toMatch(/kms:(\*|Schedule|Disable|Put|Decrypt)/);
});

test('the policies of a role fit into what IAM takes of one', () => {
  const sizes = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([id]) => ({ id, size: JSON.stringify(statementsOf(template, id)).length }));
  // 10,240 characters for all inline policies of a role.
  expect(sizes.filter(({ size }) => size > 10_000)).toEqual([]);
});

test('the console link leads to the page where the drill is started', () => {
  assertions.hasOutput('StartDrill', {
    Value:
      'https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/statemachines/view/arn:aws:states:eu-central-1:000000000000:stateMachine:cluster-drill',
  });
});

test('the timeouts of all parts of a teardown fit into its own', () => {
  const definition = stack.machines.find(({ name }) => name === MACHINE.teardown)!.definition;
  const states = Object.values(definition['States'] as Record<string, { TimeoutSeconds?: number; Resource?: string }>);
  const builds = states.filter(({ Resource }) => Resource?.includes('codebuild'));
  const total = builds.reduce((sum, { TimeoutSeconds }) => sum + TimeoutSeconds!, 0);
  expect(definition['TimeoutSeconds']).toBeGreaterThan(total);
});
