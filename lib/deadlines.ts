import { Duration } from 'aws-cdk-lib';
import type { BuildName } from '../domain/names';
import { OPENING_WAIT_SECONDS } from '../domain/opening';
import type { Settings } from '../domain/settings';
import { SWEEP_SECONDS } from '../domain/sweep';

/** How long a build may wait for a machine of CodeBuild: it takes about a minute, unless the account is busy. */
export const QUEUED = Duration.minutes(15);

/** What a task allows above the part that it waits for, so that the part's own, better told timeout comes first. */
const MARGIN = Duration.minutes(5);

/** Waiting for earlier drills, and the turn that it ends with. */
const OPENING = Duration.seconds(OPENING_WAIT_SECONDS).plus(MARGIN);

/** How long each part of a drill may take at most; what a target's settings say is taken from the most patient target. */
export interface Deadlines {
  /** Of the build itself, once it has a machine. */
  readonly build: Readonly<Record<BuildName, Duration>>;
  /** Of the task that waits for a build: its queue, the build and a margin. */
  readonly task: Readonly<Record<BuildName, Duration>>;
  readonly bootstrap: Duration;
  readonly teardown: Duration;
  readonly drill: Duration;
}

/** The deadlines of the machines that drill these targets. */
export function deadlinesOf(targets: readonly Settings[]): Deadlines {
  const bootstrap = Duration.seconds(Math.max(...targets.map((target) => target.deadlineSeconds)));
  const build = {
    // A git fetch and some dozens of requests: seconds. A large repository takes minutes.
    'check-readiness': Duration.minutes(15),
    // `terraform apply` is given the whole deadline in whole minutes (CodeBuild's unit); the nested execution's own
    // timeout ends it earlier for a target with a shorter deadline. CodeBuild takes no less than five minutes.
    'provision-cluster': Duration.minutes(Math.max(5, Math.ceil(bootstrap.toSeconds() / 60))),
    // The API answers within minutes after the cluster is active, and the charts are given 10 minutes.
    'install-gitops': Duration.minutes(30),
    // An API that is away for 10 minutes, 20 for load balancers, workloads and volumes, 15 for Karpenter's nodes (then
    // finalizers are stripped), 10 until AWS shows nothing of it any more.
    'drain-cluster': Duration.minutes(60),
    // Seen: 12 minutes for a whole destroy, of which 8 for a node group; a network interface may hold a VPC for 20 more.
    'destroy-cluster': Duration.minutes(120),
  };
  const task = mapValues(build, (duration) => sum(QUEUED, duration, MARGIN));
  const destroyAndSweep = sum(
    // Once more after a failure.
    task['destroy-cluster'],
    task['destroy-cluster'],
    // The rounds of the sweep, and the last round's own Lambdas (15 minutes is a Lambda's limit).
    Duration.seconds(SWEEP_SECONDS),
    Duration.minutes(30),
  );
  const teardown = sum(
    // Stopping builds: CodeBuild kills a build that does not end by itself within minutes.
    Duration.minutes(15),
    // Once more after a failure.
    task['drain-cluster'],
    task['drain-cluster'],
    destroyAndSweep,
    // All of it again, when destroy failed before the sweep.
    destroyAndSweep,
    // Verdict and report, when nobody else closes the drill.
    Duration.minutes(15),
  );
  return {
    build,
    task,
    bootstrap: sum(bootstrap, MARGIN),
    teardown,
    // Opening (it may have to wait), readiness, bootstrap, teardown (its task has a margin of its own), verdict and report.
    drill: sum(OPENING, task['check-readiness'], bootstrap, MARGIN, teardown, MARGIN, Duration.minutes(15)),
  };
}

/** A part with the margin that the task waiting for it allows. */
export function withMargin(duration: Duration): Duration {
  return duration.plus(MARGIN);
}

function sum(...durations: readonly Duration[]): Duration {
  return durations.reduce((total, duration) => total.plus(duration));
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Record<Key, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([key, value]) => [key, change(value)])) as Record<
    Key,
    To
  >;
}
