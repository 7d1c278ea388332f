import type { WorkloadSelector } from '../settings';

/** Short forms for the entries of the catalogue. */

export type Labels = Readonly<Record<string, string>>;

/** The label that charts made by `helm create` put on everything; its value is the chart's name. */
export const APP = 'app.kubernetes.io/name';
/** The label that tells the parts of one chart apart. */
export const PART = 'app.kubernetes.io/component';

function workload(kind: string) {
  return (namespace: string, labels?: Labels): WorkloadSelector => ({
    kind,
    apiVersion: 'apps/v1',
    namespace,
    ...(labels && { labels }),
  });
}

export const deployment = workload('Deployment');
export const statefulSet = workload('StatefulSet');
export const daemonSet = workload('DaemonSet');

/** A Service of any type; one of type LoadBalancer is healthy only once it has an address. */
export function service(namespace: string, labels: Labels): WorkloadSelector {
  return { kind: 'Service', apiVersion: 'v1', namespace, labels };
}

/** The class that Ingresses name; without it nobody serves them. */
export function ingressClass(labels: Labels): WorkloadSelector {
  return { kind: 'IngressClass', apiVersion: 'networking.k8s.io/v1', labels };
}

/** A webhook of the API server, by the name that its system fixes. */
export function validatingWebhook(name: string): WorkloadSelector {
  return { kind: 'ValidatingWebhookConfiguration', apiVersion: 'admissionregistration.k8s.io/v1', name };
}
