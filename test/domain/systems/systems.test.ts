import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../../domain/catalogue-entries';
import { CUSTOM_TYPES } from '../../../domain/catalogue/custom-types';
import { snapshotOf } from '../../../domain/health/cluster-snapshot';
import { probeReadings } from '../../../domain/health/component-probes';
import { judgeObject } from '../../../domain/health/judge-object';
import { isType, typeOf } from '../../../domain/health/resource-types';
import { NOW } from '../health/cluster-builder';
import { SYSTEM_FIXTURES } from './fixtures';
import { cataloguePage, statesOf } from './page';
import { CONSTRAINTS } from './policy';
import { componentReading } from './reading';

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'catalogue.md');
const byName = SYSTEM_FIXTURES.map((fixture) => [fixture.system, fixture] as const);

test('docs/catalogue.md shows every system in every state, with the sentence that a drill says', () => {
  const page = cataloguePage(SYSTEM_FIXTURES);
  if (process.env['UPDATE_CATALOGUE']) writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

test('every system of the catalogue has fixtures', () => {
  expect(byName.map(([name]) => name).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
});

describe.each(byName)('%s', (name, { healthy, progressing, broken }) => {
  test('is healthy, since the last of its objects', () => {
    expect(componentReading(name, healthy)).toMatchObject({
      status: 'healthy',
      healthyAt: expect.any(String),
      blocking: [],
    });
  });

  test('is progressing while nothing is wrong', () => {
    expect(componentReading(name, progressing).status).toBe('progressing');
  });

  test('is degraded when it is broken, and says what it usually is', () => {
    const reading = componentReading(name, broken);
    expect(reading).toMatchObject({ status: 'degraded', usualReason: CATALOGUE[name]!.usualReason });
  });

  test('is missing when nothing of it is there', () => {
    expect(componentReading(name, []).status).toBe('missing');
  });

  test('misses each kind of its own that the API does not serve', () => {
    const kinds = (CATALOGUE[name]!.resources ?? [])
      .map(typeOf)
      .filter(isType)
      .filter((type) => CUSTOM_TYPES.includes(type));
    const unserved = kinds.filter(
      ({ apiVersion }) => apiVersion.split('/')[0]!.includes('.') && !apiVersion.includes('k8s.io/'),
    );
    const snapshot = snapshotOf(
      NOW.toISOString(),
      unserved.map((type) => [type, undefined] as const),
    );
    const readings = probeReadings({ name, application: name, system: name }, snapshot, {
      installedIn: [],
      isOfLayerAbove: () => false,
    });
    for (const { plural, apiVersion } of unserved) {
      expect(readings.map(({ reason }) => reason)).toContainEqual(
        expect.stringContaining(`needs the CRD ${plural}.${apiVersion.split('/')[0]}, but the API does not serve`),
      );
    }
  });

  test('every fixture is an object as the API returns it', () => {
    for (const [, objects] of statesOf({ system: name, healthy, progressing, broken })) {
      for (const { apiVersion, kind, metadata } of objects) {
        expect({ apiVersion, kind, ...metadata }).toMatchObject({
          apiVersion: expect.stringMatching(/^[\w./-]+$/),
          kind: expect.stringMatching(/^[A-Z]/),
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          creationTimestamp: expect.stringMatching(/Z$/),
          resourceVersion: expect.stringMatching(/^\d+$/),
        });
      }
    }
  });
});

test.each([
  ['enforced', 'healthy', '1 pods enforce it'],
  ['not enforced yet', 'progressing', 'no pod enforces it yet (gatekeeper-audit-7d4b9c6f5-x2x7p)'],
  ['with an error', 'degraded', 'pod gatekeeper-audit-7d4b9c6f5-x2x7p says ingest_error: Could not ingest Rego'],
] as const)('a constraint of whatever kind, %s, is %s', (state, status, reason) => {
  expect(judgeObject(CONSTRAINTS[state])).toMatchObject({ kind: 'K8sRequiredLabels', status, reason });
});
