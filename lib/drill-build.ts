import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, RemovalPolicy, type Duration } from 'aws-cdk-lib';
import { BuildSpec, ComputeType, LinuxBuildImage, Project, Source } from 'aws-cdk-lib/aws-codebuild';
import { Grant, Role, ServicePrincipal, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { projectNameOf, type BuildName } from '../domain/names';
import { ROOT } from '../root';
import type { CodeFolders } from './bundle';
import { QUEUED } from './deadlines';
import { ENTRY_METADATA, type BuildEnvironments } from './entries';

export interface DrillBuildProps<Name extends BuildName> {
  /** The folder of `buildspecs/` that it runs. */
  readonly build: Name;
  readonly code: CodeFolders;
  readonly environment: BuildEnvironments[Name];
  readonly timeout: Duration;
  readonly role: Role;
  /** Encrypts what CodeBuild keeps of a build. */
  readonly key: IKey;
}

/**
 * One build of the story: a CodeBuild project under its fixed name and with a role of its own. The source is the
 * bundled step with the tools' installer; the repository that is drilled is fetched by the step, which pins the commit
 * (the Step Functions task cannot: it has no `SourceVersion`).
 */
export class DrillBuild<Name extends BuildName = BuildName> extends Construct {
  readonly project: Project;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: DrillBuildProps<Name>) {
    super(scope, id);
    const source = new Asset(this, 'Source', { path: props.code.build(props.build) });
    this.log = new LogGroup(this, 'Log', {
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.project = new Project(this, 'Project', {
      projectName: projectNameOf(props.build),
      description: `Runs buildspecs/${props.build} for one drill`,
      buildSpec: BuildSpec.fromObjectToYaml(buildspecOf(props.build)),
      source: Source.s3({ bucket: source.bucket, path: source.s3ObjectKey }),
      environment: {
        buildImage: LinuxBuildImage.AMAZON_LINUX_2023_6,
        // Terraform with the AWS provider needs about 1 GB; `SMALL` has 4 GB, of which nothing else uses much.
        computeType: ComputeType.SMALL,
      },
      environmentVariables: Object.fromEntries(
        Object.entries(props.environment as Record<string, string>).map(([name, value]) => [name, { value }]),
      ),
      role: props.role,
      encryptionKey: props.key,
      timeout: props.timeout,
      queuedTimeout: QUEUED,
      // CodeBuild's own retry would apply a second time, unseen by the state machine.
      autoRetryLimit: 0,
      grantReportGroupPermissions: false,
      logging: { cloudWatch: { logGroup: this.log } },
    });
    (this.project.node.defaultChild as CfnResource).addMetadata(ENTRY_METADATA.build, props.build);
  }

  /** Allows reading how builds of this project ended. */
  grantReadBuilds(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
      resourceArns: [this.project.projectArn],
    });
  }

  /** Allows finding and stopping builds of this project. */
  grantStop(grantee: IGrantable): void {
    this.grantReadBuilds(grantee);
    Grant.addToPrincipal({ grantee, actions: ['codebuild:StopBuild'], resourceArns: [this.project.projectArn] });
  }
}

/** The role of a build, made before its project, as projects name each other's roles in their environments. */
export function buildRole(scope: Construct, id: string, build: BuildName): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('codebuild.amazonaws.com'),
    description: `What buildspecs/${build} may do`,
  });
}

/** The buildspec goes inline into the template, so that the console shows it. */
function buildspecOf(build: BuildName): Record<string, unknown> {
  const file = join(ROOT, 'buildspecs', build, 'buildspec.yml');
  return parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
