import { parse } from 'yaml';
import type { ServiceAnswer, ServiceRequest } from '../../../service';
import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { groupOf, isFields, type Manifest } from '../manifest';
import { shown } from '../object-status';
import type { ServedType } from '../resource-types';
import { invalidMessage, mistakesIn } from '../validation';
import { podLog } from '../workloads/pod-status';
import { authenticate, type Caller } from './authentication';
import { discovery } from './discovery';
import { list } from './listing';
import { patchingOf } from './patching';
import { resourcePath, type ResourcePath } from './request-path';
import { jsonAnswer, refuse, StatusError, textAnswer } from './status-answers';

/** Answers one request to a cluster's API server, whose controllers have worked until now. */
export function answer(cluster: Cluster, request: ServiceRequest): ServiceAnswer {
  try {
    const caller = authenticate(request.headers['authorization'], cluster.eks, cluster.at);
    return general(cluster, request, caller) ?? discovery(cluster, request.path) ?? resource(cluster, request, caller);
  } catch (error) {
    if (error instanceof StatusError) return error.answer();
    throw error;
  }
}

/** Paths that are no resources. */
function general(cluster: Cluster, request: ServiceRequest, caller: Caller): ServiceAnswer | undefined {
  switch (request.path) {
    case '/readyz':
    case '/livez':
    case '/healthz':
      return textAnswer(200, 'ok');
    case '/version':
      return jsonAnswer(200, versionOf(cluster));
    case '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews':
      return jsonAnswer(201, accessReview(request, caller));
    default:
      return undefined;
  }
}

function versionOf(cluster: Cluster): Record<string, string> {
  const version = String(cluster.eks.attributes['version'] ?? '1.35');
  const [major = '1', minor = '35'] = version.split('.');
  return {
    major,
    minor: `${minor}+`,
    gitVersion: `v${version}.0-eks-local`,
    gitTreeState: 'clean',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

const READING = new Set(['get', 'list', 'watch']);

function isAllowed({ may }: Caller, verb: string): boolean {
  return may === 'everything' || (may === 'read' && READING.has(verb));
}

function accessReview(request: ServiceRequest, caller: Caller): unknown {
  const body = JSON.parse(request.body.toString() || '{}') as { spec?: { resourceAttributes?: { verb?: string } } };
  const allowed = isAllowed(caller, body.spec?.resourceAttributes?.verb ?? '');
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: body.spec,
    status: { allowed },
  };
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

function resource(cluster: Cluster, request: ServiceRequest, caller: Caller): ServiceAnswer {
  const path = resourcePath(request.path);
  if (!path) return textAnswer(404, '404 page not found\n');
  const { group, plural, name, namespace } = path;
  const verb = VERBS[request.method] ?? (name ? 'get' : 'list');
  // Authorisation comes before existence, so that nobody learns what is there.
  const place = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  if (!isAllowed(caller, verb)) throw refuse.forbidden(caller.user, verb, plural, group, place, name);
  if (!cluster.servesGroup(group)) return textAnswer(404, '404 page not found\n');
  const type = cluster.typeByPlural(group, plural);
  if (!type?.versions.includes(path.version)) throw refuse.resourceNotFound();
  const handle = HANDLERS[`${request.method}${name ? ' one' : ''}`];
  if (!handle) throw refuse.methodNotAllowed();
  return handle({ cluster, request, path, type });
}

interface Call {
  readonly cluster: Cluster;
  readonly request: ServiceRequest;
  readonly path: ResourcePath;
  readonly type: ServedType;
}

const HANDLERS: Readonly<Record<string, (call: Call) => ServiceAnswer>> = {
  GET: ({ cluster, request, path, type }) => list(cluster, type, path.version, path.namespace, request.query),
  'GET one': (call) =>
    call.path.subresource === 'log' ? log(call) : jsonAnswer(200, show(call.cluster, existing(call))),
  POST: create,
  'PUT one': replace,
  'PATCH one': patch,
  'DELETE one': remove,
  DELETE: removeCollection,
};

function show(cluster: Cluster, stored: Stored): Manifest {
  return shown(cluster, stored).object;
}

function existing({ cluster, path, type }: Call): Stored {
  const stored = cluster.find(type.group, type.kind, type.namespaced ? path.namespace : undefined, path.name ?? '');
  if (!stored) throw refuse.objectNotFound(path.plural, type.group, path.name ?? '');
  return stored;
}

function log(call: Call): ServiceAnswer {
  const { request, path } = call;
  if (call.type.kind !== 'Pod') throw refuse.resourceNotFound();
  const pod = existing(call);
  if ((pod.pod?.startedAt ?? Infinity) > call.cluster.at)
    throw refuse.badRequest(
      `container "${request.query.get('container') ?? ''}" in pod "${path.name}" is waiting to start: ContainerCreating`,
    );
  return textAnswer(200, podLog(call.cluster, pod, Number(request.query.get('tailLines') ?? 1000)));
}

/** The first word of the user agent is the manager of a client that names none, as the API server has it. */
function managerOf(request: ServiceRequest): string {
  return request.query.get('fieldManager') ?? request.headers['user-agent']?.split('/')[0] ?? 'unknown';
}

function bodyOf(request: ServiceRequest): Manifest {
  const value: unknown = parse(request.body.toString());
  if (!isFields(value) || typeof value['kind'] !== 'string' || !isFields(value['metadata']))
    throw refuse.badRequest('the object provided is unrecognized (must be of type Kubernetes object)');
  return value as unknown as Manifest;
}

/** The object with the namespace of its path; refused when it is not what the path names or not valid. */
function admitted({ cluster, path, type }: Call, object: Manifest): Manifest {
  const placed: Manifest = {
    ...object,
    metadata: { ...object.metadata, ...(type.namespaced && path.namespace && { namespace: path.namespace }) },
  };
  if (type.namespaced && !cluster.find('', 'Namespace', undefined, placed.metadata.namespace ?? ''))
    throw refuse.objectNotFound('namespaces', '', placed.metadata.namespace ?? '');
  const mistakes = mistakesIn(placed);
  if (mistakes.length === 0) return placed;
  const causes = mistakes.map(({ field, message }) => ({ reason: 'FieldValueInvalid', message, field }));
  throw new StatusError(422, 'Invalid', invalidMessage(placed, mistakes), {
    name: placed.metadata.name,
    ...(groupOf(placed.apiVersion) && { group: groupOf(placed.apiVersion) }),
    kind: placed.kind,
    causes,
  });
}

function create(call: Call): ServiceAnswer {
  const { cluster, request, type } = call;
  const object = admitted(call, bodyOf(request));
  if (cluster.byKey(keyOf(object))) throw refuse.alreadyExists(call.path.plural, type.group, object.metadata.name);
  const stored = cluster.create(object, { manager: managerOf(request), operation: 'Update' });
  return jsonAnswer(201, show(cluster, stored));
}

function replace(call: Call): ServiceAnswer {
  const { cluster, request, type, path } = call;
  const stored = existing(call);
  const next = admitted(call, bodyOf(request));
  const { resourceVersion } = next.metadata;
  if (resourceVersion !== undefined && resourceVersion !== stored.object.metadata.resourceVersion)
    throw refuse.staleVersion(path.plural, type.group, path.name ?? '');
  write(call, stored, next, next);
  return jsonAnswer(200, show(cluster, stored));
}

/** Status is written through its subresource only (Applications have none); everything else keeps it. */
function write(
  { cluster, request, path, type }: Call,
  stored: Stored,
  next: Manifest,
  named: unknown,
  operation: 'Apply' | 'Update' = 'Update',
): void {
  if (path.subresource === 'status') {
    cluster.setStatus(stored, next.status);
    return;
  }
  const keepsStatus = type.group !== 'argoproj.io' && stored.object.status !== undefined;
  const object = { ...next, ...(keepsStatus && { status: stored.object.status }) };
  const subresource = path.subresource && { subresource: path.subresource };
  cluster.write(stored, object, { manager: managerOf(request), operation, ...subresource }, named);
}

function patch(call: Call): ServiceAnswer {
  const { cluster, request, path, type } = call;
  const patching = patchingOf(request.headers['content-type'], request.body.toString());
  const live = cluster.find(type.group, type.kind, type.namespaced ? path.namespace : undefined, path.name ?? '');
  if (!live && patching.isApply) {
    const object = admitted(call, patching.named as Manifest);
    const stored = cluster.create(object, { manager: managerOf(request), operation: 'Apply' });
    return jsonAnswer(201, show(cluster, stored));
  }
  const stored = existing(call);
  const base = structuredClone(stored.object);
  let next: Manifest;
  try {
    next = patching.change(base);
  } catch (error) {
    throw new StatusError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${(error as Error).message}`,
      {},
    );
  }
  const asked = (patching.named as Partial<Manifest>).metadata?.resourceVersion;
  if (asked !== undefined && asked !== stored.object.metadata.resourceVersion)
    throw refuse.staleVersion(path.plural, type.group, path.name ?? '');
  if (JSON.stringify(next) !== JSON.stringify(stored.object))
    write(call, stored, admitted(call, next), patching.named, patching.isApply ? 'Apply' : 'Update');
  return jsonAnswer(200, show(cluster, stored));
}

function propagationOf(request: ServiceRequest): string | undefined {
  const text = request.body.toString();
  const options: unknown = text ? parse(text) : {};
  return (
    request.query.get('propagationPolicy') ??
    (isFields(options) && typeof options['propagationPolicy'] === 'string' ? options['propagationPolicy'] : undefined)
  );
}

function remove(call: Call): ServiceAnswer {
  const { cluster, request, path, type } = call;
  const stored = existing(call);
  cluster.remove(stored, { orphan: propagationOf(request) === 'Orphan' });
  const { finalizers = [], uid } = stored.object.metadata;
  // An object that finalizers hold is returned as it is now; one that is gone is told by a Status.
  if (finalizers.length > 0) return jsonAnswer(200, show(cluster, stored));
  const details = { name: path.name, ...(type.group && { group: type.group }), kind: path.plural, uid };
  return jsonAnswer(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function removeCollection(call: Call): ServiceAnswer {
  const { cluster, request, path, type } = call;
  const page = list(cluster, type, path.version, path.namespace, request.query);
  const names = (JSON.parse(String(page.body)) as { items: Manifest[] }).items;
  for (const { metadata } of names) {
    const stored = cluster.find(type.group, type.kind, metadata.namespace, metadata.name);
    if (stored) cluster.remove(stored, { orphan: propagationOf(request) === 'Orphan' });
  }
  return page;
}
