import { manualChanges } from '../../../domain/detected-steps';
import { judgeApplication } from '../../../domain/health/argo-application';
import { judgeKustomization } from '../../../domain/health/flux-kustomization';
import { judgeObject } from '../../../domain/health/judge-object';
import type { ObjectReading } from '../../../domain/record';
import { recorded } from './recording';

/** A surprise by its number in the README of the recordings: what a drill must read right, and how. */
export type Surprise = readonly [number: number, behaviour: string, check: () => void];

/** Commits of the recorded repository, oldest first. */
export const OLD = '097b39e9252bf48b6d9fe7fb766898eef9d5473c';
export const MIDDLE = '57499290d4bf61e163630738ea10e412d15cc060';
export const NEW = '3442419e4c93388ad506458a06c8ec50c2b6e4c9';
export const FLUX_OLD = '4e2f35dcb210e38bc66434f43f49035fbefe1ecd';
export const FLUX_NEW = '2b51cecc4666c95d052bf3ca8a24c205fa7e1712';
export const REPOSITORY = 'https://git.example.com/bootstrap.git';
export const SINCE = { layer: 'platform', since: '2026-11-23T06:40:00Z' } as const;

export function kubernetes(name: string): ObjectReading {
  return judgeObject(recorded('kubernetes', name));
}

/** Judges an Application that is not of the drill's repository, at the time of its last comparison. */
export function argo(name: string, commit = OLD, repository = 'https://git.example.com/another.git'): ObjectReading {
  const object = recorded('argocd', name);
  const { reconciledAt = '2026-11-23T07:00:00Z' } = (object.status ?? {}) as { reconciledAt?: string };
  return judgeApplication(object, { commit, repository }, new Date(reconciledAt));
}

export function flux(name: string, commit?: string): ObjectReading {
  return judgeKustomization(recorded('flux', name), commit);
}

export function managers(name: string): string[] {
  return manualChanges([recorded('kubernetes', `managed-fields-${name}`)], SINCE).map((step) => step.evidence ?? '');
}
