import type { BuildStep } from '../buildspecs/build-step';
import { checkReadiness } from '../buildspecs/check-readiness/step';
import { destroyCluster } from '../buildspecs/destroy-cluster/step';
import { drainCluster } from '../buildspecs/drain-cluster/step';
import { installGitops } from '../buildspecs/install-gitops/step';
import { provisionCluster } from '../buildspecs/provision-cluster/step';
import type { BuildName } from '../domain/names';

/** The steps that are deployed, by build, for drills that run within one process. */
export const BUILD_STEPS: Readonly<Record<BuildName, BuildStep>> = {
  'check-readiness': checkReadiness,
  'provision-cluster': provisionCluster,
  'install-gitops': installGitops,
  'drain-cluster': drainCluster,
  'destroy-cluster': destroyCluster,
};
