import type { Config, Target } from '../../domain/config';
import type { Schedule, Settings } from '../../domain/settings';

/** Valid settings of a target, with what a test cares about replaced. */
export function sampleSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    name: 'example',
    repository: 'https://git.example.com/platform/bootstrap.git',
    ref: 'main',
    region: 'eu-central-1',
    account: '000000000000',
    terraform: { directory: 'terraform', version: '1.11.4', variables: {} },
    gitops: { engine: 'argocd', version: '10.1.1', path: 'gitops/argocd' },
    layers: {
      cluster: { objectiveSeconds: 1500, deadlineSeconds: 1800 },
      foundation: { objectiveSeconds: 900, deadlineSeconds: 2400, components: [component('traefik')] },
      platform: { objectiveSeconds: 1800, deadlineSeconds: 3600, components: [component('kyverno')] },
      applications: {
        objectiveSeconds: 900,
        deadlineSeconds: 2400,
        components: [{ name: 'web', application: 'web' }],
      },
    },
    objectiveSeconds: 7200,
    deadlineSeconds: 10_800,
    manualStepDeadlineSeconds: 7200,
    requiredSecrets: [],
    report: { from: 'drill@example.com', to: ['team@example.com'] },
    ...overrides,
  };
}

/** The quarterly schedule, with what a test cares about replaced. */
export function sampleSchedule(overrides: Partial<Schedule> = {}): Schedule {
  return { cron: '0 6 ? 1,4,7,10 MON#1 *', timeZone: 'Europe/Amsterdam', enabled: true, ...overrides };
}

/** A configuration with one target for each settings given, or with the sample alone. */
export function sampleConfig(...settings: Settings[]): Config {
  const targets = (settings.length > 0 ? settings : [sampleSettings()]).map((each): Target => ({
    settings: each,
    schedule: sampleSchedule(),
  }));
  return { targets, limits: { concurrentDrills: 2, monthlyDollars: 50, dollarsPerClusterHour: 0.42 } };
}

function component(name: string): Settings['layers']['platform']['components'][number] {
  return { name, system: name, application: name };
}
