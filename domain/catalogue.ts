import type { GitopsLayer } from './layers';
import type { WorkloadSelector } from './settings';

/**
 * One thing that is read of a system, by kind and label (names follow the release). At least one object must be found
 * and every one that is found must be healthy.
 */
export interface Probe extends WorkloadSelector {
  /** Its name within the system; `probesOff` in drill.yaml switches it off by this. */
  readonly probe: string;
  /** Selectors that are as good: what another mode of the chart makes instead. */
  readonly or?: readonly WorkloadSelector[];
  /** What is there is judged, and none is fine: objects that the platform makes itself, such as its secret stores. */
  readonly optional?: true;
}

/** A system that the catalogue knows: what is read of it, and where its chart comes from. */
export interface System {
  /** Key of the entry and value of `system:` in drill.yaml. */
  readonly name: string;
  readonly title: string;
  readonly layer: GitopsLayer;
  /** Namespace of its default installation. */
  readonly namespace: string;
  /** The workloads of the chart's default values, or of the EKS add-on; `workloads:` in drill.yaml replaces them. */
  readonly workloads: readonly Probe[];
  /** What else tells how it is: custom resources, classes, webhooks, APIs. */
  readonly resources?: readonly Probe[];
  readonly chart: string;
  /** Where the chart is published. */
  readonly repository: string;
  /** Where labels and statuses were read: repository, version, files. */
  readonly source: string;
  /** What usually holds it up. */
  readonly usualReason: string;
  /** Why it should not be used any more; a finding where it is drilled. */
  readonly retired?: string;
  /** Where its chart was published before; a chart taken from there is a finding. */
  readonly moved?: { readonly from: string; readonly sentence: string };
}
