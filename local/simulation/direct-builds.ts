import { BUILDS, DRILL_ID_VARIABLE, projectNameOf } from '../../domain/names';
import type { Build, Builds } from '../../domain/ports/builds';
import type { BuildRecord } from '../builds/build-record';
import type { CodeBuild } from '../services/codebuild';

/** The builds of the local CodeBuild, without sockets and SDK between. */
export class DirectBuilds implements Builds {
  constructor(private readonly codeBuild: () => CodeBuild) {}

  async running(projects: readonly string[], drillId: string): Promise<readonly Build[]> {
    return projects
      .flatMap((project) => this.codeBuild().buildsOf(project))
      .filter(({ status }) => status === 'IN_PROGRESS')
      .map(buildOf)
      .filter((build) => build.drillId === drillId);
  }

  async build(id: string): Promise<Build | undefined> {
    const record = this.codeBuild().build(id);
    return record && buildOf(record);
  }

  async stop(id: string): Promise<void> {
    this.codeBuild().stop(id);
  }
}

function buildOf({ id, project, status, variables, startTime, endTime }: BuildRecord): Build {
  const drillId = variables.find(({ name }) => name === DRILL_ID_VARIABLE)?.value;
  return {
    id,
    project,
    status,
    ...(drillId === undefined ? {} : { drillId }),
    startedAt: startTime,
    ...(endTime === undefined ? {} : { finishedAt: endTime }),
  };
}

/** The state of the machines that runs a build, by the build's project. */
export const STATE_OF_PROJECT: Readonly<Record<string, string>> = Object.fromEntries(
  BUILDS.map((build) => [projectNameOf(build), stateNameOf(build)]),
);

/** The machine of each state that runs a build. */
export const MACHINE_OF_BUILD: Readonly<Record<string, string>> = {
  'Check readiness': 'Drill',
  'Provision cluster': 'Bootstrap',
  'Install GitOps': 'Bootstrap',
  'Drain cluster': 'Teardown',
  'Destroy cluster': 'Teardown',
};

/** `check-readiness` is run by *Check readiness*. */
function stateNameOf(build: string): string {
  const words = build.replaceAll('-', ' ').replace('gitops', 'GitOps');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
