import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../domain/settings';
import type { CodeFolders } from './bundle';
import type { Deadlines } from './deadlines';
import { buildRole, DrillBuild } from './drill-build';
import type { DrillBuckets } from './drill-buckets';
import type { HistoryTable } from './history-table';
import {
  checkAccount,
  grantClusterAccess,
  readCluster,
  readInventory,
  readSecrets,
  runTerraform,
  useConnections,
} from './permissions';

export interface DrillBuildsProps {
  readonly targets: readonly Settings[];
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  readonly buckets: DrillBuckets;
  readonly deadlines: Deadlines;
  /** Roles of Lambdas that read the Kubernetes API of the drill cluster. */
  readonly viewers: readonly { readonly roleArn: string }[];
}

/** The five builds, each with a role that may do what its step does and no more. */
export class DrillBuilds extends Construct {
  readonly checkReadiness: DrillBuild<'check-readiness'>;
  readonly provisionCluster: DrillBuild<'provision-cluster'>;
  readonly installGitops: DrillBuild<'install-gitops'>;
  readonly drainCluster: DrillBuild<'drain-cluster'>;
  readonly destroyCluster: DrillBuild<'destroy-cluster'>;

  private readonly key: Key;
  private readonly installRole: Role;
  private readonly drainRole: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DrillBuildsProps,
  ) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts what CodeBuild keeps of builds',
      enableKeyRotation: true,
      // A build's outcome is in the buckets, which have keys of their own; a key that is kept costs a dollar a month.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    this.installRole = buildRole(this, 'InstallGitopsRole', 'install-gitops');
    this.drainRole = buildRole(this, 'DrainClusterRole', 'drain-cluster');

    this.checkReadiness = this.makeCheckReadiness();
    this.provisionCluster = this.makeProvisionCluster();
    this.installGitops = this.makeInstallGitops();
    this.drainCluster = this.makeDrainCluster();
    this.destroyCluster = this.makeDestroyCluster();
  }

  /** Allows finding and stopping the builds of a drill. */
  grantStop(grantee: IGrantable): void {
    const builds = [
      this.checkReadiness,
      this.provisionCluster,
      this.installGitops,
      this.drainCluster,
      this.destroyCluster,
    ];
    for (const build of builds) build.grantStop(grantee);
  }

  private makeCheckReadiness(): DrillBuild<'check-readiness'> {
    const role = buildRole(this, 'CheckReadinessRole', 'check-readiness');
    this.permit(role, [
      checkAccount(),
      // The inventory before anything is built.
      readInventory(),
      readCluster(this),
      ...this.fetchRepository(),
      ...readSecrets(this, [...new Set(this.props.targets.flatMap((target) => target.requiredSecrets))]),
    ]);
    return new DrillBuild(this, 'CheckReadiness', {
      build: 'check-readiness',
      environment: this.environment(),
      role,
      ...this.shared('check-readiness'),
    });
  }

  private makeProvisionCluster(): DrillBuild<'provision-cluster'> {
    const role = buildRole(this, 'ProvisionClusterRole', 'provision-cluster');
    this.permit(role, [...runTerraform(this), ...this.fetchRepository()]);
    this.props.buckets.grantStates(role);
    return new DrillBuild(this, 'ProvisionCluster', {
      build: 'provision-cluster',
      environment: {
        ...this.environment(),
        STATE_BUCKET: this.states.bucketName,
        VIEW_ROLE_ARNS: this.viewRoleArns(),
      },
      role,
      ...this.shared('provision-cluster'),
    });
  }

  private makeInstallGitops(): DrillBuild<'install-gitops'> {
    this.permit(this.installRole, [readCluster(this), grantClusterAccess(this), ...this.fetchRepository()]);
    return new DrillBuild(this, 'InstallGitops', {
      build: 'install-gitops',
      environment: {
        ...this.environment(),
        VIEW_ROLE_ARNS: this.viewRoleArns(),
        ADMIN_ROLE_ARNS: [this.installRole.roleArn, this.drainRole.roleArn].join(','),
      },
      role: this.installRole,
      ...this.shared('install-gitops'),
    });
  }

  private makeDrainCluster(): DrillBuild<'drain-cluster'> {
    this.permit(this.drainRole, [readCluster(this), readInventory()]);
    return new DrillBuild(this, 'DrainCluster', {
      build: 'drain-cluster',
      environment: this.environment(),
      role: this.drainRole,
      ...this.shared('drain-cluster'),
    });
  }

  private makeDestroyCluster(): DrillBuild<'destroy-cluster'> {
    const role = buildRole(this, 'DestroyClusterRole', 'destroy-cluster');
    this.permit(role, [...runTerraform(this), ...this.fetchRepository()]);
    this.props.buckets.grantStates(role);
    const destroy = new DrillBuild(this, 'DestroyCluster', {
      build: 'destroy-cluster',
      environment: { ...this.environment(), STATE_BUCKET: this.states.bucketName },
      role,
      ...this.shared('destroy-cluster'),
    });
    // A stale lock is released only when the build that holds it has provably ended.
    for (const build of [this.provisionCluster, destroy]) build.grantReadBuilds(role);
    return destroy;
  }

  /** What every build has: the drill's record, and evidence that it leaves. */
  private permit(role: Role, statements: readonly PolicyStatement[]): void {
    this.props.history.grantReadWrite(role);
    this.props.buckets.grantEvidence(role);
    for (const statement of statements) role.addToPrincipalPolicy(statement);
  }

  /** The ways into private repositories that the targets name. */
  private fetchRepository(): PolicyStatement[] {
    const access = this.props.targets.flatMap((target) => target.access ?? []);
    const secrets = access.flatMap((way) => ('tokenSecret' in way ? [way.tokenSecret] : []));
    const connections = access.flatMap((way) => ('connection' in way ? [way.connection] : []));
    return [...readSecrets(this, [...new Set(secrets)]), ...useConnections([...new Set(connections)])];
  }

  private environment(): { TABLE_NAME: string; EVIDENCE_BUCKET: string } {
    const { buckets, history } = this.props;
    return { TABLE_NAME: history.table.tableName, EVIDENCE_BUCKET: buckets.evidence.bucketName };
  }

  private get states(): Bucket {
    return this.props.buckets.states;
  }

  private viewRoleArns(): string {
    return this.props.viewers.map((viewer) => viewer.roleArn).join(',');
  }

  private shared(build: keyof Deadlines['build']) {
    return { code: this.props.code, timeout: this.props.deadlines.build[build], key: this.key };
  }
}
