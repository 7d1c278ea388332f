import { CUSTOM_TYPES } from '../../../domain/catalogue/custom-types';
import { snapshotOf, type ClusterSnapshot } from '../../../domain/health/cluster-snapshot';
import { typeKey, RESOURCE } from '../../../domain/health/resource-types';
import { LABEL, ROOT_NAME } from '../../../domain/names';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { changed, recorded } from './recording';

export const COMMIT = '097b39e9252bf48b6d9fe7fb766898eef9d5473c';
export const NOW = new Date('2026-11-23T06:59:00Z');

/** A snapshot of these objects; every type of the table was read. */
export function clusterOf(...objects: KubernetesObject[]): ClusterSnapshot {
  return snapshotOf(
    NOW.toISOString(),
    [...Object.values(RESOURCE), ...CUSTOM_TYPES].map(
      (type) => [type, objects.filter((object) => typeKey(object) === typeKey(type))] as const,
    ),
  );
}

/** A healthy Application at the commit that makes these things. */
export function application(
  name: string,
  options: {
    readonly layer?: string;
    readonly makes?: readonly Made[];
    readonly changes?: Record<string, unknown>;
  } = {},
): KubernetesObject {
  const { layer, makes = [{ kind: 'ConfigMap', name: 'settings' }], changes = {} } = options;
  return changed(recorded('argocd', 'application-synced-healthy-full-sha'), {
    'metadata.name': name,
    'metadata.labels': layer === undefined ? {} : { [LABEL.layer]: layer },
    'status.resources': makes.map((made) =>
      Object.assign({ version: 'v1', namespace: 'apps', status: 'Synced' }, made),
    ),
    ...changes,
  });
}

interface Made {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The root Application, which makes these Applications. */
export function root(children: readonly string[], changes: Record<string, unknown> = {}): KubernetesObject {
  const makes = children.map((name) => ({ group: 'argoproj.io', kind: 'Application', name, namespace: 'argocd' }));
  return application(ROOT_NAME, { makes, changes });
}

/** A healthy Deployment. */
export function deployment(
  namespace: string,
  name: string,
  labels: Record<string, string> = {},
  changes: Record<string, unknown> = {},
): KubernetesObject {
  return changed(recorded('kubernetes', 'deployment-healthy'), {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.labels': labels,
    ...changes,
  });
}

/** The four Deployments of Kyverno's chart, and the webhook that it registers. */
export function kyvernoWorkloads(namespace = 'kyverno'): KubernetesObject[] {
  return [...kyvernoDeployments(namespace), KYVERNO_WEBHOOK];
}

const KYVERNO_WEBHOOK: KubernetesObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'kyverno-policy-validating-webhook-cfg', generation: 1 },
  webhooks: [{ name: 'validate-policy.kyverno.svc', clientConfig: { caBundle: 'Y2E=' } }],
};

function kyvernoDeployments(namespace: string): KubernetesObject[] {
  return ['admission', 'background', 'cleanup', 'reports'].map((part) =>
    deployment(namespace, `kyverno-${part}-controller`, { 'app.kubernetes.io/component': `${part}-controller` }),
  );
}

/** A Flux Kustomization that was applied at the recorded commit, and what it made by inventory id. */
export function kustomization(
  name: string,
  options: {
    readonly layer?: string;
    readonly inventory?: readonly string[];
    readonly changes?: Record<string, unknown>;
  } = {},
): KubernetesObject {
  const { layer, inventory = [], changes = {} } = options;
  return changed(recorded('flux', 'kustomization-ready'), {
    'metadata.name': name,
    'metadata.labels': layer === undefined ? {} : { [LABEL.layer]: layer },
    'status.inventory.entries': inventory.map((id) => ({ id, v: 'v1' })),
    ...changes,
  });
}
