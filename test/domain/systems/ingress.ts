import { chartLabels, custom, loadBalancer, workload, type WorkloadShape } from './compose';
import type { SystemFixture } from './fixture';

const traefik: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'traefik',
  name: 'traefik',
  labels: {
    'app.kubernetes.io/name': 'traefik',
    'app.kubernetes.io/instance': 'traefik-traefik',
    ...chartLabels('traefik-41.3.0', 'v3.7.11'),
  },
  container: 'traefik',
  image: 'docker.io/traefik:v3.7.11',
};

const nginx: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'ingress-nginx',
  name: 'ingress-nginx-controller',
  labels: {
    'app.kubernetes.io/name': 'ingress-nginx',
    'app.kubernetes.io/instance': 'ingress-nginx',
    'app.kubernetes.io/component': 'controller',
    'app.kubernetes.io/part-of': 'ingress-nginx',
    ...chartLabels('ingress-nginx-4.15.1', '1.15.1'),
  },
  container: 'controller',
  image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
};

const balancerController: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'aws-load-balancer-controller',
  labels: {
    'app.kubernetes.io/name': 'aws-load-balancer-controller',
    'app.kubernetes.io/instance': 'aws-load-balancer-controller',
    ...chartLabels('aws-load-balancer-controller-3.5.0', 'v3.5.0'),
  },
  container: 'aws-load-balancer-controller',
  image: 'public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0',
  replicas: 2,
};

const ingressClass = (name: string, controller: string, labels: WorkloadShape['labels']) =>
  custom({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name, labels, spec: { controller } });

const traefikClass = ingressClass('traefik', 'traefik.io/ingress-controller', traefik.labels);
const nginxClass = ingressClass('nginx', 'k8s.io/ingress-nginx', nginx.labels);

export const INGRESS: readonly SystemFixture[] = [
  {
    system: 'aws-load-balancer-controller',
    healthy: workload(balancerController, 'ready'),
    progressing: workload(balancerController, 'starting'),
    broken: workload(balancerController, 'crashing'),
  },
  {
    system: 'ingress-nginx',
    healthy: [...workload(nginx, 'ready'), loadBalancer(nginx, 'addressed'), nginxClass],
    progressing: [...workload(nginx, 'ready'), loadBalancer(nginx, 'pending'), nginxClass],
    broken: [...workload(nginx, 'crashing'), loadBalancer(nginx, 'addressed'), nginxClass],
  },
  {
    system: 'traefik',
    healthy: [...workload(traefik, 'ready'), loadBalancer(traefik, 'addressed'), traefikClass],
    progressing: [...workload(traefik, 'ready'), loadBalancer(traefik, 'pending'), traefikClass],
    broken: [...workload(traefik, 'crashing'), loadBalancer(traefik, 'addressed'), traefikClass],
    also: {
      'with an image that is not there': [
        ...workload(traefik, 'pulling'),
        loadBalancer(traefik, 'addressed'),
        traefikClass,
      ],
      'without its class': [...workload(traefik, 'ready'), loadBalancer(traefik, 'addressed')],
      'as a DaemonSet': [
        ...workload({ ...traefik, kind: 'DaemonSet' }, 'ready'),
        loadBalancer(traefik, 'addressed'),
        traefikClass,
      ],
    },
  },
];
