import { APP, deployment, PART, statefulSet } from './selectors';
import type { System } from '../catalogue';

const part = (name: string) => ({ [APP]: `argocd-${name}`, 'app.kubernetes.io/part-of': 'argocd' });
const controller = (name: string) => ({ [PART]: name, 'app.kubernetes.io/part-of': 'flux' });

/** The engines that make all else. *Install GitOps* installs the one of the target. */
export const GITOPS_SYSTEMS: readonly System[] = [
  {
    name: 'argo-cd',
    title: 'Argo CD',
    layer: 'foundation',
    namespace: 'argocd',
    workloads: [
      { probe: 'application-controller', ...statefulSet('argocd', part('application-controller')) },
      { probe: 'repo-server', ...deployment('argocd', part('repo-server')) },
      { probe: 'applicationset-controller', ...deployment('argocd', part('applicationset-controller')) },
      { probe: 'server', ...deployment('argocd', part('server')) },
      { probe: 'redis', ...deployment('argocd', part('redis')) },
    ],
    chart: 'argo-cd',
    repository: 'https://argoproj.github.io/argo-helm',
    source: 'argoproj/argo-helm, chart 10.1.1: charts/argo-cd/templates/_common.tpl, argocd-*/deployment.yaml',
    usualReason: 'its repo-server cannot reach the repository, or runs out of memory',
  },
  {
    name: 'flux2',
    title: 'Flux',
    layer: 'foundation',
    namespace: 'flux-system',
    workloads: ['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller'].map(
      (name) => ({ probe: name, ...deployment('flux-system', controller(name)) }),
    ),
    chart: 'flux2',
    repository: 'https://fluxcd-community.github.io/helm-charts',
    source: 'fluxcd-community/helm-charts, chart 2.18.3: charts/flux2/templates/*-controller.yaml',
    usualReason: 'its source-controller cannot reach the repository',
  },
];
