import { SCENARIOS } from '../../local/scenarios';
import type { DrillStory } from '../../domain/record';
import { LAYERS } from '../../domain/layers';
import { reportKeyOf } from '../../domain/names';
import { WholeDrill } from '../../local/whole-drill';

let drill: WholeDrill;
afterEach(() => drill.close());

/** What each scenario must end with, beside its outcome: layers that were timed, the first cause, and what is said. */
const ENDS: Record<string, { layers: number; cause?: string; reason: RegExp; leaks?: number; finding?: RegExp }> = {
  healthy: {
    layers: 4,
    reason: /^Rebuilt in .*, within the objective of 2h 00m; nothing was done by hand and nothing is left behind$/,
  },
  'slow-platform': {
    layers: 4,
    reason: /^It took 2h \d+m, .* over the objective of 2h 00m$/,
    finding: /^The platform layer took .* over its objective of 30m 00s$/,
  },
  'terraform-fails': {
    layers: 0,
    cause: 'terraform',
    reason: /nodes\.tf:\d+, aws_eks_node_group\.this: NodeCreationFailure/,
  },
  'application-degraded': {
    layers: 3,
    cause: 'component',
    reason:
      /^applications cannot become healthy: web is failed \(degraded for 6 min: Deployment web\/web: .*CrashLoopBackOff/,
  },
  'teardown-leaks': {
    layers: 4,
    reason: /^The teardown left \d+ resources behind: arn:aws:ec2:.*:volume\/vol-/,
    leaks: 2,
    finding: /Left behind: arn:aws:ec2:.*:volume\/vol-/,
  },
  'manual-step': {
    layers: 4,
    reason: /^Rebuilt in .*, with 2 findings to fix$/,
    finding: /alice synced external-secrets by hand/,
  },
  'drill-cluster-unreachable': {
    layers: 0,
    cause: 'unreachable',
    reason: /the Kubernetes API of the drill cluster cannot be reached/,
  },
};

test('every scenario is asserted here', () => {
  drill = { close: async () => {} } as WholeDrill;
  expect(Object.keys(ENDS)).toEqual(Object.keys(SCENARIOS));
});

test.each(Object.values(SCENARIOS))(
  '$name: $summary',
  async ({ name, ends }) => {
    const end = ENDS[name]!;
    drill = await WholeDrill.open({ scenario: name });
    const { story, execution } = await drill.run();

    expect(story.record).toMatchObject({ status: 'closed', phase: 'closed', verdict: { outcome: ends } });
    expect(story.record.verdict!.reasons[0]).toMatch(end.reason);
    expect(execution).toMatchObject(
      ends === 'failed' ? { status: 'FAILED', error: 'DrillFailedError' } : { status: 'SUCCEEDED' },
    );
    expect(LAYERS.filter((layer) => story.record.layers[layer])).toHaveLength(end.layers);
    expect(story.failures[0]?.cause).toBe(end.cause);
    expect(story.findings.map(({ title }) => title).join('\n')).toMatch(end.finding ?? /^/);

    expect(story.leaks.filter(({ status }) => status !== 'swept')).toHaveLength(end.leaks ?? 0);
    expect(drill.leftovers()).toHaveLength(end.leaks ?? 0);
    expect(await drill.connection.history.lease('example')).toBeUndefined();
    expect(await drill.connection.history.openDrills()).toEqual([]);
    await expectReport(story);
  },
  60_000,
);

/** The stored report and the mail of every recipient say what the table says. */
async function expectReport({ record }: DrillStory): Promise<void> {
  const outcome = { passed: 'Passed', 'passed-with-findings': 'Passed with findings', failed: 'Failed' }[
    record.verdict!.outcome
  ];
  const stored = JSON.parse(
    (await drill.connection.evidence.get(reportKeyOf(record.target, record.drillId, 'json')))!,
  ) as { verdict: unknown };
  expect(stored.verdict).toEqual(record.verdict);
  const reports = drill.mails.filter(({ subject }) => !subject.includes('manual step'));
  expect(reports.map(({ to }) => to)).toEqual([['platform-team@example.com'], ['sre@example.com']]);
  for (const mail of reports) {
    expect(mail.subject).toMatch(new RegExp(`^\\[cluster-drill\\] ${outcome}: example`));
    expect(mail.text).toContain(record.verdict!.reasons[0]);
    expect(mail.html).toContain(`>${outcome}<`);
  }
}
