import { type Answer, type ClusterSnapshot, combined, snapshotOf } from '../../../domain/health/cluster-snapshot';
import { judgeLayer } from '../../../domain/health/judge-layer';
import type { Kind, KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ComponentReading } from '../../../domain/record';
import { sampleSettings } from '../../support/settings';
import { COMMIT, NOW, application, clusterOf, deployment, root } from './cluster-builder';
import { changed, recorded } from './recording';

const DATABASE: Kind = { apiVersion: 'db.example.com/v1', kind: 'Database' };
const MADE = { group: 'db.example.com', version: 'v1', kind: 'Database', name: 'main', namespace: 'apps' };

/** An object of a kind that nothing here knows. */
function database(status?: Record<string, unknown>): KubernetesObject {
  return { ...DATABASE, metadata: { name: 'main', namespace: 'apps', generation: 1 }, ...(status && { status }) };
}

/** Grafana's reading where its Application makes a Database and the API answers so when it is listed. */
function readingOf(answer: Answer): ComponentReading {
  const cluster = clusterOf(root(['grafana']), application('grafana', { makes: [MADE] }));
  return grafanaIn(combined(cluster, snapshotOf(NOW.toISOString(), [[DATABASE, answer]])));
}

function grafanaIn(snapshot: ClusterSnapshot): ComponentReading {
  const settings = sampleSettings();
  const components = [{ name: 'grafana', application: 'grafana', workloads: [] }];
  const layers = { ...settings.layers, platform: { ...settings.layers.platform, components } };
  const input = { layer: 'platform', settings: { ...settings, layers }, commit: COMMIT, now: NOW, snapshot } as const;
  return judgeLayer(input).components[0]!;
}

describe('a custom resource that a unit makes', () => {
  test.each<[string, Record<string, unknown> | undefined, string]>([
    ['healthy while it says nothing', undefined, 'healthy'],
    ['healthy when it is Ready', { conditions: [{ type: 'Ready', status: 'True' }] }, 'healthy'],
    ['waited for', { conditions: [{ type: 'Ready', status: 'False', reason: 'Creating' }] }, 'progressing'],
    ['lost when it is stalled', { conditions: [{ type: 'Stalled', status: 'True' }] }, 'failed'],
  ])('is %s', (_, status, expected) => {
    expect(readingOf([database(status)]).status).toBe(expected);
  });

  test('is missing when it is not there, or when its definition is not', () => {
    expect(readingOf([])).toMatchObject({
      status: 'missing',
      reason: 'Database apps/main: Application grafana makes it, but it does not exist',
    });
    expect(readingOf(undefined)).toMatchObject({
      status: 'missing',
      reason: expect.stringContaining('the definition of Database in db.example.com is missing'),
    });
  });

  test('that cannot be listed is waited for, and hides nothing else', () => {
    const reading = readingOf(new Error('conversion webhook failed'));
    expect(reading).toMatchObject({
      status: 'progressing',
      reason: 'Database apps/main: it cannot be read: conversion webhook failed',
    });
  });

  test('that was not asked for holds nothing up, and the reading says so', () => {
    const cluster = clusterOf(root(['grafana']), application('grafana', { makes: [MADE] }));
    expect(grafanaIn(cluster)).toMatchObject({
      status: 'healthy',
      reason: expect.stringContaining('1 custom resources not read'),
    });
  });
});

describe('an Application that an Application makes', () => {
  const parent = application('grafana', {
    makes: [{ group: 'argoproj.io', kind: 'Application', name: 'grafana-db', namespace: 'argocd' }],
  });
  const child = application('grafana-db', { makes: [{ group: 'apps', kind: 'Deployment', name: 'db' }] });

  test('is part of the component, with all that it makes', () => {
    const sick = deployment('apps', 'db', {}, { 'status.availableReplicas': 1 });
    expect(grafanaIn(clusterOf(root(['grafana']), parent, child, sick))).toMatchObject({
      status: 'progressing',
      blocking: [{ kind: 'Deployment', name: 'db' }],
    });
    const failing = changed(recorded('argocd', 'application-sync-terminated'), { 'metadata.name': 'grafana-db' });
    expect(grafanaIn(clusterOf(root(['grafana']), parent, failing))).toMatchObject({
      status: 'failed',
      blocking: [{ kind: 'Application', name: 'grafana-db' }],
    });
    expect(grafanaIn(clusterOf(root(['grafana']), parent, child, deployment('apps', 'db'))).status).toBe('healthy');
  });

  test('is missing while it is not there', () => {
    expect(grafanaIn(clusterOf(root(['grafana']), parent))).toMatchObject({
      status: 'missing',
      reason: expect.stringContaining('Application grafana makes it, but it does not exist'),
    });
  });

  test('is a component of its own where it has a label of a layer', () => {
    const labelled = application('grafana-db', {
      layer: 'applications',
      changes: { 'status.health.status': 'Degraded' },
    });
    expect(grafanaIn(clusterOf(root(['grafana']), parent, labelled)).status).toBe('healthy');
  });
});
