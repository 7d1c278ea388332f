import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../domain/config';
import { synthesise } from '../synthesise';
import type { Place } from '../intrinsics';
import type { DrillTemplate } from '../template';

/** What every simulated drill runs: data, so that it is synthesised once and given to other processes. */
export interface SimulatedStack {
  readonly place: Place;
  readonly stack: DrillTemplate;
  /** The deployed targets, as *Open drill* reads them. */
  readonly targets: string;
}

/** Two targets with small layers. What is simulated is not how long a platform takes, but what a drill does about it. */
const CONFIG = `targets:
${['alpha', 'beta']
  .map(
    (name) => `  - name: ${name}
    repository: https://git.example.com/platform/${name}.git
    region: eu-central-1
    account: '000000000000'
    terraform: { directory: terraform, version: 1.11.4 }
    gitops: { engine: argocd, version: 10.1.1, path: gitops }
    layers:
      foundation: { components: [entry], deadline: 20m }
      platform: { components: [metrics], objective: 20m, deadline: 20m }
      applications: { components: [shop], deadline: 20m }
    objective: 1h
    deadline: 90m
    manualStepDeadline: 30m
    report: { from: drill@example.com, to: [team@example.com, sre@example.com] }
`,
  )
  .join('')}`;

/** Synthesises the stack of the simulated drills. Loads CDK, so this is a module of its own. */
export function simulatedStack(): SimulatedStack {
  const config = loadConfig(CONFIG, 'drill.yaml');
  const outdir = mkdtempSync(join(tmpdir(), 'cluster-drill-simulation-'));
  try {
    const { place, stack } = synthesise({ config, outdir });
    return { place, stack, targets: JSON.stringify(config.targets.map(({ settings }) => settings)) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
