import { APP, daemonSet, deployment, ingressClass, PART, service } from './selectors';
import type { System } from '../catalogue';

const NGINX = { [APP]: 'ingress-nginx', [PART]: 'controller' };
const TRAEFIK = { [APP]: 'traefik' };

/** What lets traffic into the cluster. Their routes (Ingress, IngressRoute) belong to whoever is reached by them. */
export const INGRESS_SYSTEMS: readonly System[] = [
  {
    name: 'aws-load-balancer-controller',
    title: 'AWS Load Balancer Controller',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [{ probe: 'controller', ...deployment('kube-system', { [APP]: 'aws-load-balancer-controller' }) }],
    chart: 'aws-load-balancer-controller',
    repository: 'https://aws.github.io/eks-charts',
    source: 'aws/eks-charts, chart 3.5.0: templates/_helpers.tpl, templates/deployment.yaml',
    usualReason: 'its role is missing, or the subnets lack the tags it finds them by',
  },
  {
    name: 'ingress-nginx',
    title: 'ingress-nginx',
    layer: 'foundation',
    namespace: 'ingress-nginx',
    workloads: [
      {
        probe: 'controller',
        ...deployment('ingress-nginx', NGINX),
        or: [daemonSet('ingress-nginx', NGINX)],
      },
      { probe: 'load-balancer', ...service('ingress-nginx', { [APP]: 'ingress-nginx' }) },
    ],
    resources: [{ probe: 'class', ...ingressClass({ [APP]: 'ingress-nginx' }) }],
    chart: 'ingress-nginx',
    repository: 'https://kubernetes.github.io/ingress-nginx',
    source: 'kubernetes/ingress-nginx, chart 4.15.1: templates/_helpers.tpl, controller-*.yaml; README.md (retirement)',
    usualReason: 'its load balancer has no address yet',
    retired: 'ingress-nginx is retired: no fixes since March 2026, not even for security; move to another controller',
  },
  {
    name: 'traefik',
    title: 'Traefik',
    layer: 'foundation',
    namespace: 'traefik',
    workloads: [
      { probe: 'controller', ...deployment('traefik', TRAEFIK), or: [daemonSet('traefik', TRAEFIK)] },
      { probe: 'load-balancer', ...service('traefik', TRAEFIK) },
    ],
    resources: [{ probe: 'class', ...ingressClass(TRAEFIK) }],
    chart: 'traefik',
    repository: 'https://traefik.github.io/charts',
    source:
      'traefik/traefik-helm-chart 41.3.0: templates/_helpers.tpl, deployment.yaml, service.yaml, ingressclass.yaml',
    usualReason: 'its load balancer has no address yet',
  },
];
