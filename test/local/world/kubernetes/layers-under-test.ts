import { join } from 'node:path';
import { KubernetesClient } from '../../../../adapters/kubernetes-client';
import { gitopsInstallation } from '../../../../domain/gitops-installation';
import { advance } from '../../../../domain/health/advance';
import type { GitopsLayer } from '../../../../domain/layers';
import type { EksCluster } from '../../../../domain/ports/eks';
import type { LayerProgress } from '../../../../domain/record';
import type { Settings } from '../../../../domain/settings';
import { readLayer } from '../../../../lambdas/read-layer-health/read-layer';
import { directTransport } from '../../../../local/direct-host';
import type { Fault } from '../../../../local/scenarios';
import { sampleRecord, shippedSettings } from '../../../support/story';
import { CLUSTER, COMMIT, filesBelow, REPOSITORY, repositoryOf, tokenAt, WorldUnderTest } from './world-under-test';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** The files of examples/bootstrap, by path. */
export const EXAMPLE = filesBelow(join(ROOT, 'examples', 'bootstrap'));

export type Engine = Settings['gitops']['engine'];

/** The settings of the shipped drill.yaml for an engine; versions are those of the charts in the catalogue. */
export function exampleSettings(engine: Engine): Settings {
  const version = engine === 'argocd' ? '10.1.1' : '2.18.3';
  return { ...shippedSettings(), gitops: { engine, version, path: `gitops/${engine}` } };
}

/** A simulated cluster with its GitOps engine and root as *Install GitOps* leaves them, read as a drill reads it. */
export class LayersUnderTest {
  private constructor(
    readonly world: WorldUnderTest,
    private readonly settings: Settings,
    private readonly api: KubernetesClient,
  ) {}

  static async install(
    files: Readonly<Record<string, string>>,
    settings: Settings,
    faults: readonly Fault[] = [],
  ): Promise<LayersUnderTest> {
    const world = new WorldUnderTest(repositoryOf(files), faults);
    await (settings.gitops.engine === 'argocd' ? world.installArgoCd() : world.installFlux());
    const connection = {
      ...world.world.clusterEndpoint(CLUSTER),
      token: async () => tokenAt(world.clock.now().getTime()),
    };
    const api = new KubernetesClient(connection, directTransport(world.world, connection));
    for (const { type, object } of gitopsInstallation({ ...settings, repository: REPOSITORY }, COMMIT).objects)
      await api.apply(type, object);
    return new LayersUnderTest(world, settings, api);
  }

  /** Reads a layer until it is healthy, has failed or is out of time, `minutes` apart. */
  async await(layer: GitopsLayer, minutes = 1): Promise<LayerProgress> {
    const { clock } = this.world;
    const { deadlineSeconds, objectiveSeconds } = this.settings.layers[layer];
    const startedAt = clock.now().toISOString();
    for (let progress: LayerProgress | undefined; ;) {
      await this.world.minutes(minutes);
      const options = { now: clock.now(), requiredReads: 2, deadlineSeconds, objectiveSeconds, startedAt };
      const next = advance(progress, await this.read(layer), options);
      progress = next.progress;
      if (next.decision.status !== 'progressing') return progress;
    }
  }

  private async read(layer: GitopsLayer) {
    const record = sampleRecord({ settings: this.settings, commit: COMMIT });
    const cluster: EksCluster = {
      name: CLUSTER,
      status: 'ACTIVE',
      endpoint: 'https://cluster.example.com',
      certificateAuthority: 'Y2E=',
      health: [],
      createdAt: this.world.clock.now().toISOString(),
      version: '1.35',
    } as unknown as EksCluster;
    const eks = { cluster: async () => cluster, kubernetes: () => this.api } as unknown as Parameters<
      typeof readLayer
    >[2]['eks'];
    return (await readLayer(record, layer, { clock: this.world.clock, eks })).reading;
  }
}
