import { instantWords, secondsBetween } from './clock';
import { pathTitle } from './critical-path';
import { formatDuration } from './duration';
import { LAYERS } from './layers';
import { ROOT_NAME } from './names';
import { orderingFaultsOf } from './order';
import type { DrillStory, Finding } from './record';

/**
 * What must be fixed before the next drill. Ids follow from what is wrong and not from the drill, so that a finding can
 * be followed over drills.
 */
export function findingsOf(story: DrillStory): Finding[] {
  return [
    ...story.failures.map((failure) => ofFailure(failure, story)),
    ...missedLayerObjectives(story),
    ...orderingFaults(story),
    ...manualSteps(story),
    ...unlistedComponents(story),
    ...leaks(story),
    ...warnings(story),
    ...teardownNotes(story),
  ];
}

function ofFailure(failure: DrillStory['failures'][number], { manualSteps: steps }: DrillStory): Finding {
  const isUnconfirmed =
    failure.cause === 'deadline' && steps.some(({ layer, status }) => status === 'expired' && layer === failure.layer);
  return {
    id: `failure/${failure.where}`,
    severity: 'critical',
    title: failure.sentence,
    mend: isUnconfirmed ? 'Confirm the step in time with "drill confirm", or automate it.' : MEND[failure.cause],
    ...(failure.layer ? { layer: failure.layer } : {}),
    ...(failure.evidence[0] === undefined ? {} : { evidence: failure.evidence[0] }),
  };
}

const MEND: Record<DrillStory['failures'][number]['cause'], string> = {
  repository: 'Mend the bootstrap repository; its contract is in the README of examples/bootstrap.',
  readiness: 'Give the account what the drill lacks, then start a drill on demand.',
  terraform: 'Mend the cluster layer; Terraform’s log says more.',
  gitops: 'Read the log of the build and mend the installation of the GitOps engine.',
  component: 'Read the component’s objects in the evidence and mend it in the repository.',
  deadline: 'Find what holds the layer up, or give it a longer deadline.',
  unreachable: 'Make the API endpoint of the cluster reachable for the drill’s roles.',
  interrupted: 'Find out who or what stopped the drill, then start one on demand.',
  teardown: 'Read the log of the teardown, and see that the next drill can clean up by itself.',
  internal: 'This is cluster-drill’s own fault; report it with the evidence.',
};

function missedLayerObjectives(story: DrillStory): Finding[] {
  const section = pathTitle(story.record.layers.applications?.healthyAt !== undefined);
  return LAYERS.flatMap((layer) => {
    const time = story.record.layers[layer];
    if (!time || time.seconds <= time.objectiveSeconds) return [];
    return {
      id: `objective/${layer}`,
      severity: 'major' as const,
      title: `The ${layer} layer took ${formatDuration(time.seconds)}, ${formatDuration(time.seconds - time.objectiveSeconds)} over its objective of ${formatDuration(time.objectiveSeconds)}`,
      mend: `Look at its part of "${section}"; a component with slack there need not become faster.`,
      layer,
    };
  });
}

function orderingFaults(story: DrillStory): Finding[] {
  return orderingFaultsOf(story).map(({ layer, component, healthyAt, below, belowHealthyAt }) => {
    const what = component === undefined ? `The ${layer} layer` : `${component} of the ${layer} layer`;
    const early = formatDuration(secondsBetween(healthyAt, belowHealthyAt));
    return {
      id: component === undefined ? `order/${layer}` : `order/${layer}/${component}`,
      severity: component === undefined ? ('major' as const) : ('minor' as const),
      title: `${what} was healthy at ${instantWords(healthyAt)}, ${early} before the ${below} layer (${instantWords(belowHealthyAt)})`,
      mend: `Make it wait for the ${below} layer (sync wave or dependsOn), or list it in the layer that it belongs to.`,
      layer,
    };
  });
}

function manualSteps(story: DrillStory): Finding[] {
  return story.manualSteps
    .filter((step) => step.status !== 'declared')
    .map((step) => ({
      id: `manual/${step.source}/${step.name}`,
      severity: step.source === 'detected' ? 'major' : 'minor',
      title:
        step.source === 'detected'
          ? `Undeclared work by hand: ${step.description}`
          : `Still done by hand: ${step.description}${humanTime(step)}`,
      mend: step.source === 'detected' ? 'Automate it, or declare it in manual-steps.yaml.' : 'Automate it.',
      layer: step.layer,
      ...(step.evidence === undefined ? {} : { evidence: step.evidence }),
    }));
}

function humanTime(step: DrillStory['manualSteps'][number]): string {
  if (!step.requestedAt || !step.confirmedAt) return '';
  return ` (the drill waited ${formatDuration(secondsBetween(step.requestedAt, step.confirmedAt))})`;
}

function unlistedComponents(story: DrillStory): Finding[] {
  // Only the layers of GitOps have a list; the root is made by the drill itself.
  const layers = story.layers.filter((progress) => progress.layer !== 'cluster');
  return layers.flatMap((progress) =>
    progress.components
      .filter((component) => !component.listed && component.name !== ROOT_NAME)
      .map((component) => ({
        id: `unlisted/${component.name}`,
        severity: 'minor' as const,
        title: `${component.name} is in the ${progress.layer} layer, but drill.yaml does not list it`,
        mend: 'List it in drill.yaml, so that its absence would be noticed.',
        layer: progress.layer,
      })),
  );
}

function leaks(story: DrillStory): Finding[] {
  return story.leaks
    .filter((leak) => leak.status !== 'found')
    .map((leak) => ({
      id: `leak/${leak.arn}`,
      severity: leak.status === 'left' ? 'critical' : 'minor',
      title:
        leak.status === 'left'
          ? `Left behind: ${leak.arn}${leak.obstacle ? ` (${leak.obstacle})` : ''}`
          : `Only the sweep removed ${leak.arn}`,
      mend:
        leak.status === 'left'
          ? 'Try "drill sweep", then delete it by hand, and find out why the teardown could not.'
          : 'See why destroy did not remove it.',
      ...(leak.layer ? { layer: leak.layer } : {}),
    }));
}

function warnings(story: DrillStory): Finding[] {
  return story.readiness
    .filter((check) => check.status === 'warned')
    .map((check) => ({
      id: `readiness/${check.name}`,
      severity: 'minor',
      title: check.sentence,
      mend: 'Mend it before the next drill.',
    }));
}

/** What to do about what a build of the teardown did by force. */
const FORCE_MEND: Readonly<Record<string, string>> = {
  'drain-cluster': 'Find out why it could not be deleted in time.',
  'destroy-cluster': 'Find out what killed the Terraform that held it.',
};

/** What the teardown had to do by force (finalizers stripped, a stale lock broken); skipped parts are no finding. */
function teardownNotes(story: DrillStory): Finding[] {
  return Object.entries(FORCE_MEND).flatMap(([build, mend]) => {
    const forced = story.outputs[build]?.['forced'];
    if (!Array.isArray(forced)) return [];
    return forced.map((note) => ({
      id: `teardown/${String(note)}`,
      severity: 'minor' as const,
      title: String(note),
      mend,
    }));
  });
}
