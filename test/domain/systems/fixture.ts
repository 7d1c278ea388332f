import type { KubernetesObject } from '../../../domain/ports/kubernetes';

/** The objects of one system in the states that a drill meets. */
export interface SystemFixture {
  /** Key of the catalogue. */
  readonly system: string;
  readonly healthy: readonly KubernetesObject[];
  /** On its way, nothing wrong. */
  readonly progressing: readonly KubernetesObject[];
  /** Broken in the way that is usual for it. */
  readonly broken: readonly KubernetesObject[];
  /** Further states that are worth a line, by what they are. */
  readonly also?: Readonly<Record<string, readonly KubernetesObject[]>>;
}
