import * as z from 'zod';
import { buildStep } from '../../../buildspecs/build-step';

/**
 * A step with one of everything that steps do: it reads the clock, sleeps, runs a stand-in program and git, and fails or
 * waits for its end when told to.
 */
export const sampleStep = buildStep({
  environment: z.object({
    DRILL_ID: z.string().min(1),
    TABLE_NAME: z.string().min(1),
    EVIDENCE_BUCKET: z.string().min(1),
    MODE: z.enum(['pass', 'fail', 'wait', 'sleep']).default('pass'),
  }),
  run: async ({ clock, commands, directory, log, signal }, { DRILL_ID, MODE }) => {
    log(`${DRILL_ID} begins at ${clock.now().toISOString()}`);
    await clock.sleep(60_000);
    log(`one minute later it is ${clock.now().toISOString()}`);
    if (MODE === 'sleep') await clock.sleep(24 * 60 * 60_000, signal);
    const git = await commands.run('git', ['--version'], { cwd: directory });
    log(`git exits ${git.exitCode}`);
    const lines: string[] = [];
    const terraform = await commands.run('terraform', ['apply', '-json', MODE], {
      cwd: directory,
      env: { TF_VAR_cluster_name: 'drill-1' },
      onLine: (line) => lines.push(line),
      signal,
    });
    log(`terraform exits ${terraform.exitCode} after ${lines.join(' and ')}`);
    if (MODE === 'fail') throw new Error('the cluster did not come up');
    if (signal.aborted) log('state kept');
  },
});

if (require.main === module) void sampleStep.main();
