import { type AuditEvent, manualApiCalls, manualChanges, manualSyncs } from '../../domain/detected-steps';
import { manualStepSchema } from '../../domain/record';
import { changed, recorded } from './health/recording';

const scope = { layer: 'platform', since: '2026-11-23T06:40:00Z' } as const;
const drillRole = 'arn:aws:iam::000000000000:role/cluster-drill-provision-cluster';

describe('a sync by hand', () => {
  test('is detected while it runs, when it has failed and when it succeeded, once per person', () => {
    for (const name of ['application-manual-sync-running', 'application-sync-terminated']) {
      expect(manualSyncs([recorded('argocd', name)], scope)).toHaveLength(1);
    }
    const [step, ...more] = manualSyncs(
      [recorded('argocd', 'application-synced-to-older-revision-than-target')],
      scope,
    );
    expect(manualStepSchema.parse(step)).toMatchObject({ name: 'sync-many-alice-example-com', layer: 'platform' });
    expect(more).toEqual([]);
  });

  test('before the drill is not its affair', () => {
    const object = recorded('argocd', 'application-manual-sync-by-user-succeeded');
    expect(manualSyncs([object], { ...scope, since: '2026-11-23T08:00:00Z' })).toEqual([]);
  });

  test('is booked to the layer of the Application', () => {
    const object = changed(recorded('argocd', 'application-manual-sync-by-user-succeeded'), {
      'metadata.labels': { 'cluster-drill/layer': 'applications' },
    });
    expect(manualSyncs([object], scope)[0]?.layer).toBe('applications');
  });
});

describe('a change by hand', () => {
  test('is one step per tool and object', () => {
    const steps = manualChanges([recorded('kubernetes', 'managed-fields-03-kubectl-patch')], scope);
    expect(steps.map(({ name }) => name)).toEqual([
      'kubectl-scale-deployment-mf-touched',
      'kubectl-client-side-apply-deployment-mf-touched',
      'kubectl-patch-deployment-mf-touched',
    ]);
  });

  test('is not what the drill itself or a controller wrote', () => {
    const object = changed(recorded('kubernetes', 'deployment-healthy'), {
      'metadata.managedFields': [
        { manager: 'cluster-drill', operation: 'Apply', time: '2026-11-23T06:50:00Z' },
        { manager: 'helm', operation: 'Update', time: '2026-11-23T06:50:00Z' },
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          subresource: 'status',
          time: '2026-11-23T06:50:00Z',
        },
      ],
    });
    expect(manualChanges([object], scope)).toEqual([]);
  });
});

describe('a call of the AWS API', () => {
  const event: AuditEvent = {
    eventID: 'e-1',
    eventName: 'UpdateNodegroupConfig',
    eventSource: 'eks.amazonaws.com',
    eventTime: '2026-11-23T06:50:00Z',
    readOnly: false,
    sessionCredentialFromConsole: 'true',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::000000000000:assumed-role/platform-admin/alice',
      sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::000000000000:role/platform-admin' } },
    },
    requestParameters: { name: 'drill-a1b2c3' },
  };
  const audit = { ...scope, layer: 'cluster', roleArns: [drillRole], names: ['drill-a1b2c3'] } as const;
  const issuedBy = (arn: string): AuditEvent => ({
    ...event,
    userIdentity: { ...event.userIdentity, sessionContext: { sessionIssuer: { arn } } },
  });

  test('by a person on the drill cluster is a manual step, once for each kind of call', () => {
    expect(manualApiCalls([event, { ...event, eventID: 'e-2' }], audit)).toEqual([
      {
        name: 'update-nodegroup-config-alice',
        source: 'detected',
        layer: 'cluster',
        description: 'alice called UpdateNodegroupConfig of eks.amazonaws.com in the console',
        evidence:
          'CloudTrail event e-1: UpdateNodegroupConfig by arn:aws:sts::000000000000:assumed-role/platform-admin/alice at 2026-11-23T06:50:00Z',
        status: 'detected',
      },
    ]);
  });

  test.each([
    ['that only reads', { ...event, readOnly: true }],
    ['before the drill', { ...event, eventTime: '2026-11-23T06:00:00Z' }],
    ['on something else', { ...event, requestParameters: { name: 'production' } }],
    ['of the drill itself', issuedBy(drillRole)],
    [
      'of a service-linked role',
      issuedBy('arn:aws:iam::000000000000:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS'),
    ],
    ['of an AWS service', { ...event, userIdentity: { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' } }],
  ])('%s is not', (_, other) => {
    expect(manualApiCalls([other], audit)).toEqual([]);
  });
});
