import type { GitopsLayer } from './layers';
import type { WorkloadSelector } from './settings';

/** A system that the catalogue knows: where its workloads are and where its chart comes from. */
export interface System {
  /** Key of the entry and value of `system:` in drill.yaml. */
  readonly name: string;
  readonly title: string;
  readonly layer: GitopsLayer;
  /** Namespace of its default installation. */
  readonly namespace: string;
  /** Workloads that must exist and be healthy. Select by label: names follow the release. */
  readonly workloads: readonly WorkloadSelector[];
  /** Helm chart name, where it is installed by one. */
  readonly chart?: string;
  /** What usually holds it up. */
  readonly usualReason: string;
  /** Printed as a warning where it is used, such as `retired`. */
  readonly warning?: string;
}
