import type { Build, Builds } from '../../domain/ports/builds';

/** Builds over two projects of the test's, `PROJECTS`. */
export interface BuildsUnderTest {
  readonly builds: Builds;
  /** Starts a build that runs until it is told how to end or is stopped; resolves with its id once it runs. */
  start(project: string, drillId: string): Promise<{ readonly id: string; end(succeeded: boolean): void }>;
}

export const PROJECTS = ['cluster-drill-provision-cluster', 'cluster-drill-drain-cluster'] as const;

/** What all builds do. */
export function describeBuildsContract(name: string, setup: () => Promise<BuildsUnderTest>): void {
  describe(`${name} as builds`, () => {
    let under: BuildsUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

    async function ended(id: string): Promise<Build> {
      for (;;) {
        const build = await under.builds.build(id);
        if (build && build.status !== 'IN_PROGRESS') return build;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }

    test('running builds are those of the drill, over all projects, until they end', async () => {
      const [provision, drain] = PROJECTS;
      const mine = await under.start(provision, 'example-1');
      const drainOfMine = await under.start(drain, 'example-1');
      const another = await under.start(drain, 'example-2');
      const running = await under.builds.running(PROJECTS, 'example-1');
      expect(running.map(({ id, project, drillId }) => [id, project, drillId])).toEqual([
        [mine.id, provision, 'example-1'],
        [drainOfMine.id, drain, 'example-1'],
      ]);
      for (const build of [mine, drainOfMine, another]) build.end(true);
      expect(await ended(mine.id)).toMatchObject({ status: 'SUCCEEDED', startedAt: expect.any(String) });
      await ended(drainOfMine.id);
      expect(await under.builds.running(PROJECTS, 'example-1')).toEqual([]);
    });

    test('a build that failed says so', async () => {
      const build = await under.start(PROJECTS[0], 'example-1');
      build.end(false);
      expect(await ended(build.id)).toMatchObject({ status: 'FAILED', finishedAt: expect.any(String) });
    });

    test('a stopped build ends as stopped, and stopping it again is no error', async () => {
      const build = await under.start(PROJECTS[0], 'example-1');
      await under.builds.stop(build.id);
      expect(await ended(build.id)).toMatchObject({ status: 'STOPPED' });
      await under.builds.stop(build.id);
      expect((await under.builds.build(build.id))?.status).toBe('STOPPED');
    });

    test('there is no build of an unknown id', async () => {
      const id = `${PROJECTS[0]}:00000000-0000-0000-0000-000000000000`;
      expect(await under.builds.build(id)).toBeUndefined();
    });
  });
}
