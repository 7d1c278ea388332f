import type { Chance } from '../chance';
import type { DrillClock } from '../clock';
import type { Program } from '../program';
import type { Fault } from '../scenarios';
import type { Service } from '../service';
import type { S3 } from '../services/s3';
import type { Place } from '../template';
import type { WorldState } from './world-state';

export interface WorldOptions {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly place: Place;
  readonly chance: Chance;
  readonly faults: readonly Fault[];
  /** The URL of drill.yaml and the repository that stands for it. */
  readonly repository: { readonly url: string; readonly path: string };
  readonly objects: S3;
}

/** The simulated infrastructure: what only AWS and Kubernetes have. */
export interface World {
  /** By the name that requests are signed for. */
  readonly services: Readonly<Record<string, Service>>;
  readonly programs: Readonly<Record<string, Program>>;
  close(): Promise<void>;
}
