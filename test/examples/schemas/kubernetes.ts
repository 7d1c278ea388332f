import * as z from 'zod';
import { name, namespaced, quantity, texts } from './parts';

/**
 * The kinds of Kubernetes itself, with the fields that the example uses.
 * Source: the API reference of Kubernetes 1.35 (kubernetes/kubernetes, api/openapi-spec/v3).
 */

const port = z.number().int().min(1).max(65_535);
const portOrName = z.union([port, name]);
const resources = z.strictObject({
  requests: z.record(z.string(), quantity).optional(),
  limits: z.record(z.string(), quantity).optional(),
});
const id = z.number().int().min(0);
const seccompProfile = z.strictObject({ type: z.enum(['RuntimeDefault', 'Localhost', 'Unconfined']) });

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/').optional(), port: portOrName }).optional(),
  tcpSocket: z.strictObject({ port: portOrName }).optional(),
  initialDelaySeconds: id.optional(),
  periodSeconds: id.optional(),
  failureThreshold: id.optional(),
});

const reference = z.strictObject({ name, optional: z.boolean().optional() });

const container = z.strictObject({
  name,
  image: z.string().regex(/^[\w./-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/),
  args: z.array(z.string()).optional(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  envFrom: z.array(z.strictObject({ secretRef: reference.optional(), configMapRef: reference.optional() })).optional(),
  ports: z
    .array(z.strictObject({ name: name.optional(), containerPort: port, protocol: z.string().optional() }))
    .optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  startupProbe: probe.optional(),
  resources: resources.optional(),
  securityContext: z
    .strictObject({
      allowPrivilegeEscalation: z.boolean().optional(),
      readOnlyRootFilesystem: z.boolean().optional(),
      runAsNonRoot: z.boolean().optional(),
      runAsUser: id.optional(),
      capabilities: z
        .strictObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
        .optional(),
      seccompProfile: seccompProfile.optional(),
    })
    .optional(),
  volumeMounts: z
    .array(z.strictObject({ name, mountPath: z.string().startsWith('/'), readOnly: z.boolean().optional() }))
    .optional(),
});

const podSpec = z.strictObject({
  serviceAccountName: name.optional(),
  securityContext: z
    .strictObject({
      runAsNonRoot: z.boolean().optional(),
      runAsUser: id.optional(),
      runAsGroup: id.optional(),
      fsGroup: id.optional(),
      seccompProfile: seccompProfile.optional(),
    })
    .optional(),
  containers: z.array(container).min(1),
  volumes: z
    .array(
      z.strictObject({
        name,
        persistentVolumeClaim: z.strictObject({ claimName: name, readOnly: z.boolean().optional() }).optional(),
        emptyDir: z.strictObject({ sizeLimit: quantity.optional() }).optional(),
        configMap: reference.optional(),
        secret: z.strictObject({ secretName: name, optional: z.boolean().optional() }).optional(),
      }),
    )
    .optional(),
});

export const deployment = namespaced(
  'apps/v1',
  'Deployment',
  z.strictObject({
    replicas: id.optional(),
    strategy: z.strictObject({ type: z.enum(['Recreate', 'RollingUpdate']) }).optional(),
    selector: z.strictObject({ matchLabels: texts }),
    template: z.strictObject({
      metadata: z.strictObject({ labels: texts, annotations: texts.optional() }),
      spec: podSpec,
    }),
  }),
);

export const persistentVolumeClaim = namespaced(
  'v1',
  'PersistentVolumeClaim',
  z.strictObject({
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'])).min(1),
    storageClassName: name.optional(),
    resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
  }),
);

export const service = namespaced(
  'v1',
  'Service',
  z.strictObject({
    type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).optional(),
    selector: texts,
    ports: z
      .array(z.strictObject({ name, port, targetPort: portOrName.optional(), protocol: z.string().optional() }))
      .min(1),
  }),
);

const backend = z.strictObject({
  service: z.strictObject({
    name,
    port: z.union([z.strictObject({ name }), z.strictObject({ number: port })]),
  }),
});

export const ingress = namespaced(
  'networking.k8s.io/v1',
  'Ingress',
  z.strictObject({
    ingressClassName: name,
    tls: z.array(z.strictObject({ hosts: z.array(z.string()), secretName: name })).optional(),
    rules: z.array(
      z.strictObject({
        host: z.string(),
        http: z.strictObject({
          paths: z.array(
            z.strictObject({
              path: z.string().startsWith('/'),
              pathType: z.enum(['Exact', 'Prefix', 'ImplementationSpecific']),
              backend,
            }),
          ),
        }),
      }),
    ),
  }),
);
