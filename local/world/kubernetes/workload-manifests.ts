import type { Fields, Manifest, PodSpec } from './manifest';

export interface WorkloadOptions {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly replicas?: number;
  readonly image?: string;
  readonly nodeSelector?: Record<string, string>;
  /** Size of the one volume of each pod of a StatefulSet, such as `20Gi`. */
  readonly storage?: string;
}

/** A workload as charts and add-ons write it, with what the simulation needs and readers look for. */
export function workloadManifest(options: WorkloadOptions): Manifest {
  const { kind = 'Deployment', name, namespace, labels, replicas = 1, storage } = options;
  const image = options.image ?? `registry.example.com/${name}:1.0.0`;
  const spec: PodSpec = {
    containers: [{ name, image, ...(storage && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }) }],
    ...(options.nodeSelector && { nodeSelector: options.nodeSelector }),
  };
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
  const fields: Fields = {
    ...(kind !== 'DaemonSet' && { replicas }),
    ...(kind === 'StatefulSet' && { serviceName: name }),
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec },
    ...(storage && { volumeClaimTemplates: [claim] }),
  };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels }, spec: fields };
}

export function serviceManifest(
  name: string,
  namespace: string,
  labels: Record<string, string>,
  extra: { type?: string; annotations?: Record<string, string> } = {},
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, ...(extra.annotations && { annotations: extra.annotations }) },
    spec: {
      ...(extra.type && { type: extra.type }),
      selector: labels,
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
    },
  };
}

/** A namespaced custom resource definition without a schema. */
export function customResourceDefinition(
  group: string,
  version: string,
  kind: string,
  plural: string,
  scope = 'Namespaced',
): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope,
      versions: [{ name: version, served: true, storage: true, subresources: { status: {} } }],
    },
  };
}
