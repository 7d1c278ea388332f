import { TERRAFORM_DEPENDENCIES } from '../../domain/activities';
import { criticalPathOf, type CriticalPath } from '../../domain/critical-path';
import type { Layer } from '../../domain/layers';
import type { ComponentReading, DrillStory, Failure, ManualStep, Span } from '../../domain/record';
import { layerTime, minute, sampleProgress, sampleRecord, sampleStory } from '../support/story';

/** `name: [first, last]` in minutes; `last` undefined where it was never done. */
type Times = Readonly<Record<string, readonly [number, number | undefined]>>;

function resources(times: Times): Span[] {
  return Object.entries(times).map(([name, [first, last]]) => ({
    id: `resource-create-${name}`,
    kind: 'resource',
    name,
    layer: 'cluster',
    startedAt: minute(first),
    ...(last !== undefined && { finishedAt: minute(last) }),
    outcome: last === undefined ? 'running' : 'succeeded',
  }));
}

function build(name: string, first: number, last: number, outcome: Span['outcome'] = 'succeeded'): Span {
  return { id: `build-${name}`, kind: 'build', name, startedAt: minute(first), finishedAt: minute(last), outcome };
}

function components(layer: Layer, times: Times, status: ComponentReading['status'] = 'progressing') {
  return sampleProgress(
    layer,
    Object.entries(times).map(([name, [first, last]]) => ({
      name,
      startedAt: minute(first),
      ...(last === undefined ? { status } : { healthyAt: minute(last) }),
    })),
  );
}

const CLUSTER = { 'aws_vpc.this': [5, 6], 'aws_eks_cluster.this': [6, 15], 'aws_nat_gateway.this': [6, 8] } as const;

/** Cluster 5–16, GitOps 17–20, foundation to 25, platform to 50, applications to 60. */
function wholeDrill(changes: Partial<DrillStory> = {}): DrillStory {
  return sampleStory({
    record: sampleRecord({
      bootstrapStartedAt: minute(5),
      layers: {
        cluster: layerTime('cluster', 5, 11),
        foundation: layerTime('foundation', 17, 8),
        platform: layerTime('platform', 25, 25),
        applications: layerTime('applications', 50, 10),
      },
    }),
    spans: [
      ...resources({ ...CLUSTER, 'aws_eks_node_group.this': [15, 16] }),
      build('provision-cluster', 4, 16),
      build('install-gitops', 17, 20),
    ],
    layers: [
      components('foundation', { traefik: [20, 25], 'external-dns': [20, 23] }),
      components('platform', { prometheus: [25, 50], loki: [25, 44], kyverno: [25, 31] }),
      components('applications', { web: [50, 60] }),
    ],
    ...changes,
  });
}

/** Minutes since the drill was opened, to a tenth. */
function at(instant: string): number {
  return Math.round((Date.parse(instant) - Date.parse(minute(0))) / 6_000) / 10;
}

/** `name from–to` in minutes, `…` for waiting. */
function inWords(path: CriticalPath | undefined): string[] {
  return (path?.steps ?? []).map(
    ({ kind, name, startedAt, finishedAt }) =>
      `${kind === 'waiting' ? `… ${name}` : name} ${at(startedAt)}–${at(finishedAt)}`,
  );
}

function step(name: string, requested: number, confirmed?: number): ManualStep {
  return {
    name,
    source: 'declared',
    layer: 'platform',
    description: 'Unseal Vault.',
    status: confirmed === undefined ? 'expired' : 'confirmed',
    requestedAt: minute(requested),
    ...(confirmed !== undefined && { confirmedAt: minute(confirmed) }),
  };
}

function failure(where: string, at: number, layer?: Layer): Failure {
  return { where, cause: 'component', sentence: 'it broke', at: minute(at), evidence: [], ...(layer && { layer }) };
}

const CHAIN = [
  'aws_vpc.this 5–6',
  'aws_eks_cluster.this 6–15',
  'aws_eks_node_group.this 15–16',
  '… until install-gitops began 16–17',
  'install-gitops 17–20',
  'traefik 20–25',
  'prometheus 25–50',
  'web 50–60',
];

test('leads from the first resource to the applications, through what each had to wait for', () => {
  expect(inWords(criticalPathOf(wholeDrill()))).toEqual(CHAIN);
});

test('covers the whole time without a gap or an overlap, and its shares add up', () => {
  const path = criticalPathOf(wholeDrill())!;
  expect(path.steps.map(({ startedAt }) => startedAt).slice(1)).toEqual(
    path.steps.map(({ finishedAt }) => finishedAt).slice(0, -1),
  );
  expect(path.seconds).toBe(55 * 60);
  expect(path.steps.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(path.seconds);
  expect(path.steps.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

describe('dependencies of Terraform', () => {
  const spans = [
    ...resources({ 'aws_vpc.this': [5, 6], 'aws_iam_role.a["x"]': [5, 14.5], 'aws_eks_cluster.this': [6, 15] }),
    ...resources({ 'aws_eks_node_group.this': [15, 16], 'aws_s3_bucket.logs': [5, 6] }),
    build('install-gitops', 17, 20),
  ];

  test('decide what a resource waited for, where the state tells them', () => {
    const outputs = {
      [TERRAFORM_DEPENDENCIES]: {
        'aws_vpc.this': [],
        'aws_iam_role.a': [],
        'aws_s3_bucket.logs': [],
        'aws_eks_cluster.this': ['aws_vpc.this'],
        'aws_eks_node_group.this': ['aws_iam_role.a', 'data.aws_ami.one'],
      },
    };
    expect(inWords(criticalPathOf(wholeDrill({ spans, outputs }))).slice(0, 3)).toEqual([
      'aws_iam_role.a["x"] 5–14.5',
      '… until aws_eks_node_group.this began 14.5–15',
      'aws_eks_node_group.this 15–16',
    ]);
  });

  test('are guessed from time where nobody tells them', () => {
    expect(inWords(criticalPathOf(wholeDrill({ spans }))).slice(0, 3)).toEqual([
      'aws_vpc.this 5–6',
      'aws_eks_cluster.this 6–15',
      'aws_eks_node_group.this 15–16',
    ]);
  });

  test('give each resource its slack: how much later it could have been without anybody waiting', () => {
    const outputs = {
      [TERRAFORM_DEPENDENCIES]: {
        'aws_vpc.this': [],
        'aws_iam_role.a': [],
        'aws_s3_bucket.logs': [],
        'aws_eks_cluster.this': ['aws_vpc.this'],
        'aws_eks_node_group.this': ['aws_eks_cluster.this', 'aws_iam_role.a'],
      },
    };
    const slack = criticalPathOf(wholeDrill({ spans, outputs }))!.slack;
    const of = (name: string) => slack.find((one) => one.name === name)?.seconds;
    expect([of('aws_iam_role.a["x"]'), of('aws_s3_bucket.logs')]).toEqual([30, 600]);
    expect(criticalPathOf(wholeDrill({ spans }))!.slack.filter(({ kind }) => kind === 'resource')).toEqual([]);
  });
});

test('a component that is not on the path has the slack that its layer left it, and the step names the next in line', () => {
  const path = criticalPathOf(wholeDrill())!;
  expect(path.slack.map(({ name, seconds }) => [name, seconds])).toEqual([
    ['external-dns', 120],
    ['loki', 360],
    ['kyverno', 1_140],
  ]);
  const next = Object.fromEntries(path.steps.map((one) => [one.name, one.next && [one.next.name, one.next.seconds]]));
  expect(next).toMatchObject({ prometheus: ['loki', 360], traefik: ['external-dns', 120] });
  expect(next['web']).toBeUndefined();
});

describe('gaps', () => {
  test('before the first resource are named too', () => {
    const spans = [...resources({ 'aws_vpc.this': [7, 16] }), build('install-gitops', 16, 20)];
    expect(inWords(criticalPathOf(wholeDrill({ spans })))[0]).toBe('… until aws_vpc.this began 5–7');
  });

  test('of two seconds, to which objects round, are none', () => {
    const late = components('platform', { prometheus: [25 + 2 / 60, 50] });
    const layers = [wholeDrill().layers[0]!, late, wholeDrill().layers[2]!];
    expect(inWords(criticalPathOf(wholeDrill({ layers }))).slice(5)).toEqual(CHAIN.slice(5));
  });
});

describe('overlaps', () => {
  test('a component that was created early (Flux) begins when the layer below is healthy', () => {
    const layers = [
      components('foundation', { traefik: [20, 25] }),
      components('platform', { prometheus: [20, 50] }),
      components('applications', { web: [20, 60] }),
    ];
    expect(inWords(criticalPathOf(wholeDrill({ layers }))).slice(5)).toEqual(CHAIN.slice(5));
  });

  test('a component that came after another of its layer waited for it', () => {
    const layers = [
      components('foundation', { traefik: [20, 25] }),
      components('platform', { operator: [25, 30], database: [30, 50] }),
      components('applications', { web: [50, 60] }),
    ];
    expect(inWords(criticalPathOf(wholeDrill({ layers }))).slice(5)).toEqual([
      'traefik 20–25',
      'operator 25–30',
      'database 30–50',
      'web 50–60',
    ]);
  });

  test('what was healthy before the layer below waited for nothing of it', () => {
    const layers = [
      components('foundation', { traefik: [20, 25] }),
      components('platform', { prometheus: [20, 22] }),
      components('applications', { web: [22, 60] }),
    ];
    const path = inWords(criticalPathOf(wholeDrill({ layers })));
    expect(path.slice(4)).toEqual(['install-gitops 17–20', 'prometheus 20–22', 'web 22–60']);
  });

  test('resources that ran while the layer was already done are cut, not counted twice', () => {
    const spans = [...wholeDrill().spans, ...resources({ 'aws_flow_log.this': [15, 18] })];
    expect(inWords(criticalPathOf(wholeDrill({ spans }))).slice(2, 5)).toEqual([
      'aws_eks_node_group.this 15–16',
      '… until install-gitops began 16–17',
      'install-gitops 17–20',
    ]);
  });
});

describe('waiting for people', () => {
  test('is booked as such, wherever the path waited meanwhile', () => {
    const path = criticalPathOf(wholeDrill({ manualSteps: [step('unseal', 30, 42)] }));
    expect(inWords(path).slice(6)).toEqual(['prometheus 25–30', 'unseal 30–42', 'prometheus 42–50', 'web 50–60']);
    expect(path!.steps[7]).toMatchObject({ kind: 'human', seconds: 720 });
  });

  test('two steps at once are one wait, and one that nobody confirmed lasts until the end', () => {
    const manualSteps = [step('unseal', 30, 42), step('approve', 40, 45), step('forgotten', 58)];
    expect(inWords(criticalPathOf(wholeDrill({ manualSteps }))).slice(6)).toEqual([
      'prometheus 25–30',
      'unseal, approve 30–45',
      'prometheus 45–50',
      'web 50–58',
      'forgotten 58–60',
    ]);
  });
});

/** The record of a drill that never got through a layer. */
function unfinished(layer: Layer): DrillStory['record'] {
  const { layers, ...record } = wholeDrill().record;
  const kept = Object.entries(layers).slice(0, ['cluster', 'foundation', 'platform', 'applications'].indexOf(layer));
  return { ...record, layers: Object.fromEntries(kept) };
}

describe('a drill that failed', () => {
  test('has a path to what broke it', () => {
    const layers = [
      components('foundation', { traefik: [20, 25] }),
      components('platform', { prometheus: [25, 30], loki: [26, undefined] }, 'failed'),
    ];
    const path = criticalPathOf(
      wholeDrill({ layers, record: unfinished('platform'), failures: [failure('await-platform', 48, 'platform')] }),
    )!;
    expect(inWords(path).slice(5)).toEqual(['traefik 20–25', '… until loki began 25–26', 'loki 26–48']);
    expect(path).toMatchObject({ complete: false });
    expect(path.steps.at(-1)).toMatchObject({ outcome: 'failed' });
  });

  test('in Terraform ends with the resource that failed', () => {
    const spans = resources({ 'aws_vpc.this': [5, 6], 'aws_iam_role.a': [5, 7] }).concat({
      ...resources({ 'aws_eks_cluster.this': [6, 12] })[0]!,
      outcome: 'failed',
    });
    const path = criticalPathOf(
      wholeDrill({ spans, layers: [], record: unfinished('cluster'), failures: [failure('provision-cluster', 13)] }),
    );
    expect(inWords(path)).toEqual(['aws_vpc.this 5–6', 'aws_eks_cluster.this 6–12', '… until the drill gave up 12–13']);
  });

  test('after its applications were healthy has a whole path: the teardown takes nothing away', () => {
    const path = criticalPathOf(wholeDrill({ failures: [failure('destroy-cluster', 90)] }));
    expect(path).toMatchObject({ complete: true });
    expect(inWords(path)).toEqual(CHAIN);
  });

  test('before anything was built has none', () => {
    const { bootstrapStartedAt: _none, ...record } = unfinished('cluster');
    expect(criticalPathOf(wholeDrill({ record, failures: [failure('check-readiness', 2)] }))).toBeUndefined();
    expect(criticalPathOf(wholeDrill({ record: unfinished('cluster'), spans: [], layers: [] }))).toBeUndefined();
  });
});

test('a layer whose objects name no instant stands for itself', () => {
  const layers = [
    components('foundation', { traefik: [20, 25] }),
    sampleProgress('platform', [{ name: 'prometheus' }]),
  ];
  expect(inWords(criticalPathOf(wholeDrill({ layers }))).slice(5)).toEqual([
    'traefik 20–25',
    'platform layer 25–50',
    'applications layer 50–60',
  ]);
});
