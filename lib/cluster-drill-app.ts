import { App, type AppProps } from 'aws-cdk-lib';
import type { Config, Target } from '../domain/config';
import type { CodeFolders } from './bundle';
import { ClusterDrillStack } from './cluster-drill-stack';

/** One account and region, with the targets that are drilled in it. */
interface Place {
  readonly account: string;
  readonly region: string;
  readonly targets: Target[];
}

/**
 * Behaviour of newer CDK that has to be asked for. Here and not in cdk.json, so that an app made in-process (tests, the
 * local drill) gives the same template as `cdk synth`.
 */
const FEATURES = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  // Access logs by a bucket policy: ACLs are off on every bucket.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
};

/**
 * The CDK app: one stack for each account and region that drill.yaml names, because a drill's Lambdas and builds work
 * where they stand. The stack's environment is written down, so a deployment with credentials of another account is
 * refused. The first target's stack is `ClusterDrill`.
 */
export function clusterDrillApp(config: Config, code: CodeFolders, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, context: { ...FEATURES, ...props.context } });
  for (const [index, { account, region, targets }] of placesOf(config.targets).entries()) {
    new ClusterDrillStack(app, index === 0 ? 'ClusterDrill' : `ClusterDrill-${account}-${region}`, {
      stackName: 'cluster-drill',
      description: `Drills ${targets.map((target) => target.settings.name).join(', ')}`,
      env: { account, region },
      targets,
      limits: config.limits,
      code,
    });
  }
  return app;
}

/** The places in the order in which drill.yaml names them first. */
export function placesOf(targets: readonly Target[]): Place[] {
  const places = new Map<string, Place>();
  for (const target of targets) {
    const { account, region } = target.settings;
    const key = `${account}/${region}`;
    const place = places.get(key) ?? { account, region, targets: [] };
    place.targets.push(target);
    places.set(key, place);
  }
  return [...places.values()];
}
