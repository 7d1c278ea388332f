import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceKeyOf } from '../../domain/names';
import { ROOT } from '../../root';
import { check, type Check } from './check';
import type { Lab, StartedDrill, Watch } from './lab';
import { wholeDrill } from './whole-drill';

const FOLDER = join(ROOT, 'test', 'recorded', 'terraform');

/** What tells which resource was made and removed when; the plan, the refresh and the progress are left out. */
const KEPT = new Set(['version', 'change_summary', 'outputs', 'apply_start', 'apply_complete']);

/** A whole drill whose event streams become fixtures of the tests: what the real Terraform says of the example. */
export async function recordStreams(lab: Lab, watch: Watch): Promise<Check[]> {
  let drill: StartedDrill | undefined;
  const checks = await wholeDrill(lab, (started) => watch((drill = started)));
  const streams = { 'example-apply': 'provision-cluster', 'example-destroy': 'destroy-cluster' };
  for (const [name, build] of Object.entries(streams)) {
    const key = evidenceKeyOf(lab.settings.name, drill!.drillId, `${build}/terraform.jsonl`);
    const lines = ((await lab.connection.evidence.get(key)) ?? '').split('\n').filter(isKept);
    if (lines.length > 0) writeFileSync(join(FOLDER, `${name}.jsonl`), lines.map((line) => `${line}\n`).join(''));
    checks.push(check(`recorded ${name}`, lines.length > 0, `${lines.length} events`));
  }
  return checks;
}

function isKept(line: string): boolean {
  return line !== '' && KEPT.has((JSON.parse(line) as { type: string }).type);
}
