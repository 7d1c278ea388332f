import type { Environment as AwaitManualStep } from '../lambdas/await-manual-step/environment';
import type { Environment as CheckQuarter } from '../lambdas/check-quarter/environment';
import type { Environment as FindLeaks } from '../lambdas/find-leaks/environment';
import type { Environment as GuardDrill } from '../lambdas/guard-drill/environment';
import type { Environment as JudgeDrill } from '../lambdas/judge-drill/environment';
import type { Environment as NoteFailure } from '../lambdas/note-failure/environment';
import type { Environment as OpenDrill } from '../lambdas/open-drill/environment';
import type { Environment as PatrolDrills } from '../lambdas/patrol-drills/environment';
import type { Environment as ReadLayerHealth } from '../lambdas/read-layer-health/environment';
import type { Environment as SendReport } from '../lambdas/send-report/environment';
import type { Environment as StopBuilds } from '../lambdas/stop-builds/environment';
import type { Environment as SweepLeaks } from '../lambdas/sweep-leaks/environment';
import type { Environment as CheckReadiness } from '../buildspecs/check-readiness/environment';
import type { Environment as DestroyCluster } from '../buildspecs/destroy-cluster/environment';
import type { Environment as DrainCluster } from '../buildspecs/drain-cluster/environment';
import type { Environment as InstallGitops } from '../buildspecs/install-gitops/environment';
import type { Environment as ProvisionCluster } from '../buildspecs/provision-cluster/environment';
import type { BUILD_ID_VARIABLE, BuildName, DRILL_ID_VARIABLE } from '../domain/names';

/** The folders of `lambdas/`, with the description that the Lambda console shows. */
export const LAMBDAS = {
  'open-drill': 'Validates the input, takes the lease and writes the record of a drill',
  'read-layer-health': 'Reads whether a layer of the drill cluster is healthy, and why not',
  'await-manual-step': 'Asks a person to confirm a declared manual step',
  'note-failure': 'Classifies a failure and keeps its evidence before it is destroyed',
  'stop-builds': 'Stops the builds of a drill that still run',
  'find-leaks': 'Lists what a drill left in the account',
  'sweep-leaks': 'Deletes what a drill left, where three proofs allow it',
  'judge-drill': 'Gives the verdict, closes the record and gives lease and slot back',
  'send-report': 'Renders, stores and mails the report of a drill',
  'guard-drill': 'Starts the teardown of a drill whose execution ended without closing it',
  'check-quarter': 'Every day: tells which target was not drilled in its quarter',
  'patrol-drills': 'Every hour: tears down what is dead, frees what nobody holds, looks for what was left',
} as const;
export type LambdaName = keyof typeof LAMBDAS;

/** What each Lambda must be given: a variable that a construct forgets is an error of `tsc`. */
export interface LambdaEnvironments extends Record<LambdaName, object> {
  'open-drill': OpenDrill;
  'read-layer-health': ReadLayerHealth;
  'await-manual-step': AwaitManualStep;
  'note-failure': NoteFailure;
  'stop-builds': StopBuilds;
  'find-leaks': FindLeaks;
  'sweep-leaks': SweepLeaks;
  'judge-drill': JudgeDrill;
  'send-report': SendReport;
  'guard-drill': GuardDrill;
  'check-quarter': CheckQuarter;
  'patrol-drills': PatrolDrills;
}

/** What each build's project must be given; the drill's id is given by the state machine, the build's by CodeBuild. */
export interface BuildEnvironments extends Record<BuildName, object> {
  'check-readiness': Omit<CheckReadiness, typeof DRILL_ID_VARIABLE>;
  'provision-cluster': Omit<ProvisionCluster, typeof DRILL_ID_VARIABLE | typeof BUILD_ID_VARIABLE>;
  'install-gitops': Omit<InstallGitops, typeof DRILL_ID_VARIABLE>;
  'drain-cluster': Omit<DrainCluster, typeof DRILL_ID_VARIABLE>;
  'destroy-cluster': Omit<DestroyCluster, typeof DRILL_ID_VARIABLE>;
}

/** CloudFormation metadata that names a function's or project's folder: the local drill maps logical ids to code by it. */
export const ENTRY_METADATA = { lambda: 'cluster-drill:entry', build: 'cluster-drill:build' } as const;
