import { readCluster } from '../../adapters/read-cluster';
import { RESOURCE } from '../../domain/health/resource-types';
import {
  KubernetesRequestError,
  KubernetesUnavailableError,
  type Kind,
  type KubernetesApi,
  type KubernetesObject,
} from '../../domain/ports/kubernetes';

const clock = { now: () => new Date('2026-11-23T07:00:00Z') };
const DATABASE: Kind = { apiVersion: 'db.example.com/v1', kind: 'Database' };
const BACKUP: Kind = { apiVersion: 'db.example.com/v1', kind: 'Backup' };
const databases = { ...DATABASE, plural: 'databases', namespaced: true };
const backups = { ...BACKUP, plural: 'backups', namespaced: true };
const main: KubernetesObject = { ...DATABASE, metadata: { name: 'main' } };

const listOf: KubernetesApi['list'] = async (type) =>
  type.kind === 'Database' ? [main] : type.kind === 'Node' ? [] : undefined;
const unreachable: KubernetesApi['list'] = async () => {
  throw new KubernetesUnavailableError('unreachable', 'no route to host');
};

/** An API that serves nodes and databases; `requests` has what was asked of it. */
function apiWith(changes: Partial<KubernetesApi> = {}): KubernetesApi & { requests: string[] } {
  const requests: string[] = [];
  const answers = { types: async () => [databases, backups], list: listOf, ...changes };
  return {
    requests,
    types: (apiVersion) => {
      requests.push(`types ${apiVersion}`);
      return answers.types(apiVersion);
    },
    list: (type) => {
      requests.push(`list ${type.plural}`);
      return answers.list(type);
    },
  } as KubernetesApi & { requests: string[] };
}

test('asks once where the kinds of a group and version are, and never again', async () => {
  const api = apiWith();
  const snapshot = await readCluster(api, [RESOURCE.node, DATABASE, BACKUP], clock);
  expect(snapshot).toMatchObject({
    objects: { 'v1/Node': [], 'db.example.com/v1/Database': [main] },
    notServed: ['db.example.com/v1/Backup'],
  });
  expect(api.requests.toSorted()).toEqual(['list backups', 'list databases', 'list nodes', 'types db.example.com/v1']);
  api.requests.length = 0;
  await readCluster(api, [RESOURCE.node, DATABASE], clock);
  expect(api.requests.toSorted()).toEqual(['list databases', 'list nodes']);
});

test('a kind that is not served yet is looked for again', async () => {
  let installed = false;
  const api = apiWith({ types: async () => (installed ? [databases] : []) });
  expect(await readCluster(api, [DATABASE], clock)).toMatchObject({ notServed: ['db.example.com/v1/Database'] });
  installed = true;
  expect(await readCluster(api, [DATABASE], clock)).toMatchObject({
    objects: { 'db.example.com/v1/Database': [main] },
  });
});

test.each([
  new KubernetesUnavailableError('unreachable', 'conversion webhook for db.example.com/v1 failed'),
  new KubernetesRequestError(400, 'BadRequest', 'no'),
])('a custom resource that cannot be listed (%p) hides nothing else', async (error) => {
  const list: KubernetesApi['list'] = async (type) => {
    if (type.kind === 'Database') throw error;
    return [];
  };
  expect(await readCluster(apiWith({ list }), [RESOURCE.node, DATABASE, databases], clock)).toMatchObject({
    objects: { 'v1/Node': [] },
    unread: { 'db.example.com/v1/Database': error.message },
  });
});

test('without what every cluster has, the cluster is unreadable', async () => {
  expect(await readCluster(apiWith({ list: unreachable }), [RESOURCE.node, DATABASE], clock)).toMatchObject({
    unavailable: { kind: 'unreachable' },
  });
});
