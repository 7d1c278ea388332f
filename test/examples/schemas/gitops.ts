import * as z from 'zod';
import { duration, name, namespaced } from './parts';

/**
 * The kinds of Argo CD, Flux and kustomize, with the fields that the example uses.
 * Sources: argoproj/argo-cd, manifests/crds/application-crd.yaml; fluxcd/kustomize-controller, helm-controller and
 * source-controller, config/crd/bases; kubernetes-sigs/kustomize, api/types/kustomization.go.
 */

/** Values are the chart's own affair. */
const values = z.record(z.string(), z.unknown());

export const application = namespaced(
  'argoproj.io/v1alpha1',
  'Application',
  z.strictObject({
    project: z.string(),
    source: z.strictObject({
      repoURL: z.url(),
      targetRevision: z.string(),
      chart: z.string().optional(),
      path: z.string().optional(),
      helm: z.strictObject({ releaseName: name.optional(), valuesObject: values.optional() }).optional(),
    }),
    destination: z.strictObject({ server: z.url(), namespace: name }),
    syncPolicy: z.strictObject({
      automated: z.strictObject({
        prune: z.boolean().optional(),
        selfHeal: z.boolean().optional(),
        allowEmpty: z.boolean().optional(),
      }),
      syncOptions: z.array(z.string().regex(/^[A-Za-z]+=[\w-]+$/)).optional(),
      retry: z.strictObject({
        limit: z.number().int(),
        backoff: z.strictObject({
          duration,
          factor: z.number().int().optional(),
          maxDuration: duration.optional(),
        }),
      }),
    }),
  }),
);

const sourceRef = (kinds: readonly [string, ...string[]]) =>
  z.strictObject({ kind: z.enum(kinds), name, namespace: name.optional() });

export const fluxKustomization = namespaced(
  'kustomize.toolkit.fluxcd.io/v1',
  'Kustomization',
  z.strictObject({
    dependsOn: z.array(z.strictObject({ name, namespace: name.optional() })).optional(),
    sourceRef: sourceRef(['GitRepository', 'OCIRepository', 'Bucket']),
    path: z.string().startsWith('./'),
    interval: duration,
    retryInterval: duration.optional(),
    timeout: duration.optional(),
    prune: z.boolean(),
    wait: z.boolean().optional(),
    healthChecks: z
      .array(z.strictObject({ apiVersion: z.string(), kind: z.string(), name, namespace: name }))
      .optional(),
    deletionPolicy: z.enum(['MirrorPrune', 'Delete', 'WaitForTermination', 'Orphan']).optional(),
  }),
);

export const helmRepository = namespaced(
  'source.toolkit.fluxcd.io/v1',
  'HelmRepository',
  z.strictObject({ url: z.string().regex(/^(https?|oci):\/\/.*$/), interval: duration }),
);

export const helmRelease = namespaced(
  'helm.toolkit.fluxcd.io/v2',
  'HelmRelease',
  z.strictObject({
    dependsOn: z.array(z.strictObject({ name, namespace: name.optional() })).optional(),
    interval: duration,
    timeout: duration.optional(),
    chart: z.strictObject({
      spec: z.strictObject({
        chart: z.string(),
        version: z.string(),
        sourceRef: sourceRef(['HelmRepository', 'GitRepository', 'Bucket']),
      }),
    }),
    install: z.strictObject({ remediation: z.strictObject({ retries: z.number().int() }) }),
    values: values.optional(),
  }),
);

export const kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()).min(1),
  patches: z
    .array(
      z.strictObject({
        target: z.strictObject({ kind: z.string().optional(), name: z.string().optional(), labelSelector: z.string() }),
        patch: z.string(),
      }),
    )
    .optional(),
});
