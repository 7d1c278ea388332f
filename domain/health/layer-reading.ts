import type { Layer } from '../layers';
import type { ComponentReading } from '../record';

/** What one read of a layer gave, before the reads before it are taken into account (`advance`). */
export interface LayerReading {
  readonly layer: Layer;
  readonly readAt: string;
  readonly components: readonly ComponentReading[];
  /** Why nothing could be read, in one sentence; `components` is empty then. */
  readonly obstacle?: string;
}
