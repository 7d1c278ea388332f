import { chartLabels, workload, type WorkloadShape } from './compose';
import type { SystemFixture } from './fixture';

const argocd = (part: string, kind: WorkloadShape['kind'] = 'Deployment'): WorkloadShape => ({
  kind,
  namespace: 'argocd',
  name: `argocd-${part}`,
  labels: {
    'app.kubernetes.io/name': `argocd-${part}`,
    'app.kubernetes.io/instance': 'argocd',
    'app.kubernetes.io/component': part,
    'app.kubernetes.io/part-of': 'argocd',
    ...chartLabels('argo-cd-10.1.1', 'v3.4.4'),
  },
  selector: { 'app.kubernetes.io/name': `argocd-${part}`, 'app.kubernetes.io/instance': 'argocd' },
  container: part,
  image: 'quay.io/argoproj/argocd:v3.4.4',
});
const argoParts = ['server', 'applicationset-controller', 'redis'].flatMap((part) => workload(argocd(part), 'ready'));
const applicationController = argocd('application-controller', 'StatefulSet');

const flux = (part: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: 'flux-system',
  name: part,
  labels: {
    'app.kubernetes.io/component': part,
    'app.kubernetes.io/instance': 'flux-system',
    'app.kubernetes.io/part-of': 'flux',
    'control-plane': 'controller',
    ...chartLabels('flux2-2.18.3', '2.8.5'),
  },
  selector: { app: part },
  container: 'manager',
  image: `ghcr.io/fluxcd/${part}:v1.9.5`,
});
const fluxParts = ['kustomize-controller', 'helm-controller', 'notification-controller'].flatMap((part) =>
  workload(flux(part), 'ready'),
);

export const GITOPS: readonly SystemFixture[] = [
  {
    system: 'argo-cd',
    healthy: [...argoParts, ...workload(argocd('repo-server'), 'ready'), ...workload(applicationController, 'ready')],
    progressing: [
      ...argoParts,
      ...workload(argocd('repo-server'), 'starting'),
      ...workload(applicationController, 'ready'),
    ],
    broken: [...argoParts, ...workload(argocd('repo-server'), 'crashing'), ...workload(applicationController, 'ready')],
  },
  {
    system: 'flux2',
    healthy: [...fluxParts, ...workload(flux('source-controller'), 'ready')],
    progressing: [...fluxParts, ...workload(flux('source-controller'), 'starting')],
    broken: [...fluxParts, ...workload(flux('source-controller'), 'crashing')],
  },
];
