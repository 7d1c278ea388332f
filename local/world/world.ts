import type { Chance } from '../chance';
import type { Program } from '../program';
import { gitRepositories } from '../repository/git-repositories';
import type { Fault } from '../scenarios';
import { AwsError, type Service } from '../service';
import { createCloudTrail } from '../services/cloudtrail';
import { infrastructureServices } from '../services/infrastructure';
import type { S3 } from '../services/s3';
import { createSecretsManager } from '../services/secrets-manager';
import { createServiceQuotas } from '../services/service-quotas';
import type { Place } from '../intrinsics';
import type { DrillClock } from '../clock';
import { AwsResources } from './aws-resources';
import { helmProgram } from './helm';
import { KubernetesWorld } from './kubernetes/kubernetes-world';
import type { SimulatedAccount } from './simulated-account';
import type { ObjectAccess } from './terraform/backend';
import { terraformProgram } from './terraform/terraform-program';
import type { WorldState } from './world-state';

export interface WorldOptions {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly place: Place;
  readonly chance: Chance;
  readonly faults: readonly Fault[];
  /** The URL of drill.yaml and the repository that stands for it. */
  readonly repository: { readonly url: string; readonly path: string };
  readonly objects: S3;
  /** Names of the secrets that somebody has put into the account (default none). */
  readonly secrets?: readonly string[];
}

/** The simulated infrastructure: what only AWS and Kubernetes have. */
export interface World {
  readonly aws: AwsResources;
  readonly kubernetes: KubernetesWorld;
  /** By the name that requests are signed for. */
  readonly services: Readonly<Record<string, Service>>;
  readonly programs: Readonly<Record<string, Program>>;
  close(): Promise<void>;
}

/** Opens the simulated infrastructure as its state says it is, half-built clusters of a killed drill included. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { clock, chance, faults, objects, place, repository, secrets = [], state } = options;
  const aws = new AwsResources(state, clock);
  const kubernetes = new KubernetesWorld({
    clock,
    state,
    aws,
    chance,
    faults,
    repositories: gitRepositories(repository.url, repository.path),
  });
  await kubernetes.listen();
  moveEndpoints(aws, kubernetes);
  const account: SimulatedAccount = { clock, chance, aws, ...place };
  const terraform = terraformProgram({
    world: account,
    faults,
    objects: accessTo(objects),
    clusterEndpoint: (name) => kubernetes.clusterEndpoint(name),
  });
  return {
    aws,
    kubernetes,
    services: afterControllers(kubernetes, {
      ...infrastructureServices(account),
      cloudtrail: createCloudTrail(state),
      secretsmanager: createSecretsManager({
        ...place,
        secrets: Object.fromEntries(secrets.map((name) => [name, '{}'])),
      }),
      servicequotas: createServiceQuotas(),
    }),
    programs: {
      terraform: (call) => {
        kubernetes.catchUp();
        return terraform(call);
      },
      helm: helmProgram(kubernetes),
    },
    close: () => kubernetes.close(),
  };
}

/** The API servers of clusters from an earlier process answer at this process's port, with its certificate. */
function moveEndpoints(aws: AwsResources, kubernetes: KubernetesWorld): void {
  for (const cluster of aws.list('eks:cluster'))
    Object.assign(cluster.attributes, kubernetes.clusterEndpoint(cluster.id));
  aws.changed();
}

/** Load balancers and volumes are made and removed by controllers, which run when somebody looks. */
function afterControllers(
  kubernetes: KubernetesWorld,
  services: Readonly<Record<string, Service>>,
): Record<string, Service> {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]): [string, Service] => [
      name,
      (request) => {
        kubernetes.catchUp();
        return service(request);
      },
    ]),
  );
}

function accessTo(objects: S3): ObjectAccess {
  return {
    read: async (bucket, key) => objects.read(bucket, key)?.toString('utf8'),
    write: async (bucket, key, body) => objects.write(bucket, key, body),
    create: async (bucket, key, body) => {
      try {
        objects.write(bucket, key, body, { ifNoneMatch: '*' });
        return true;
      } catch (error) {
        if (error instanceof AwsError && error.code === 'PreconditionFailed') return false;
        throw error;
      }
    },
    remove: async (bucket, key) => objects.remove(bucket, key),
  };
}
