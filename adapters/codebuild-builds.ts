import {
  BatchGetBuildsCommand,
  ListBuildsForProjectCommand,
  ResourceNotFoundException,
  StopBuildCommand,
  type Build as CodeBuildBuild,
  type CodeBuildClient,
} from '@aws-sdk/client-codebuild';
import { DRILL_ID_VARIABLE } from '../domain/names';
import type { Build, Builds } from '../domain/ports/builds';

/** Builds of CodeBuild. */
export class CodeBuildBuilds implements Builds {
  constructor(private readonly client: CodeBuildClient) {}

  /**
   * Looks at the newest 100 builds of each project (one page): a drill starts each project at most a few times and
   * lasts hours, so a build that still runs would have to be followed by a hundred others to be missed.
   */
  async running(projects: readonly string[], drillId: string): Promise<readonly Build[]> {
    const builds: Build[] = [];
    for (const projectName of projects) {
      const { ids } = await this.client.send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' }));
      builds.push(...(await this.builds(ids ?? [])));
    }
    return builds.filter((build) => build.status === 'IN_PROGRESS' && build.drillId === drillId);
  }

  async build(id: string): Promise<Build | undefined> {
    return (await this.builds([id]))[0];
  }

  async stop(id: string): Promise<void> {
    try {
      await this.client.send(new StopBuildCommand({ id }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }

  private async builds(ids: readonly string[]): Promise<readonly Build[]> {
    if (ids.length === 0) return [];
    const { builds } = await this.client.send(new BatchGetBuildsCommand({ ids: [...ids] }));
    return (builds ?? []).map(buildOf);
  }
}

function buildOf(build: CodeBuildBuild): Build {
  const variables = build.environment?.environmentVariables ?? [];
  const drillId = variables.find(({ name }) => name === DRILL_ID_VARIABLE)?.value;
  return {
    id: build.id!,
    project: build.projectName!,
    status: build.buildStatus!,
    ...(drillId !== undefined && { drillId }),
    ...(build.startTime && { startedAt: build.startTime.toISOString() }),
    ...(build.endTime && { finishedAt: build.endTime.toISOString() }),
  };
}
