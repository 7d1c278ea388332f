import type { BuildStep } from '../../buildspecs/build-step';
import { checkReadiness } from '../../buildspecs/check-readiness/step';
import { destroyCluster } from '../../buildspecs/destroy-cluster/step';
import { drainCluster } from '../../buildspecs/drain-cluster/step';
import { installGitops } from '../../buildspecs/install-gitops/step';
import { openRecord } from '../support/open-record';
import { stepHost, type TestStepHost } from '../support/step-host';

/** `Provision cluster` has a test of its own: it also stops in the middle. */
const STEPS: readonly [string, BuildStep][] = [
  ['Check readiness', checkReadiness],
  ['Install GitOps', installGitops],
  ['Drain cluster', drainCluster],
  ['Destroy cluster', destroyCluster],
];
const record = openRecord({ commit: 'a'.repeat(40) });
const environment = {
  DRILL_ID: record.drillId,
  CODEBUILD_BUILD_ID: 'cluster-drill-x:1',
  TABLE_NAME: 't',
  EVIDENCE_BUCKET: 'e',
  STATE_BUCKET: 's',
  VIEW_ROLE_ARNS: 'v',
  ADMIN_ROLE_ARNS: 'a',
};

let host: TestStepHost;
beforeEach(async () => {
  host = await stepHost(record);
  await host.history.releaseLease('example', record.drillId);
  await host.history.open(openRecord({ drillId: 'example-20261005-0600-ffffff' }), '2026-10-05T06:45:00.000Z');
});

test.each(STEPS)('%s does nothing when another drill has taken the target over', async (_, step) => {
  await expect(step.run(environment, host)).rejects.toMatchObject({ name: 'LeaseLostError' });
  expect(host.calls).toEqual([]);
  expect(host.grants).toEqual([]);
  expect((await host.story()).failures).toHaveLength(1);
  expect((await host.history.lease('example'))?.drillId).toBe('example-20261005-0600-ffffff');
});

test.each(STEPS.slice(2))('%s of a drill that nobody holds a lease for is done', async (_, step) => {
  await host.history.releaseLease('example', 'example-20261005-0600-ffffff');
  host.cluster = undefined;
  await step.run(environment, host);
  expect((await host.story()).failures).toEqual([]);
});
