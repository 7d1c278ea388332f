import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { SECONDS } from '../durations';
import { timestamp } from '../instants';
import { isFields, type Fields, type PodSpec } from '../manifest';
import { arnOf, ec2Id, endResource, iso } from './aws-names';

const PROVISIONER = { manager: 'csi-provisioner', operation: 'Update' } as const;
const DRIVER = 'ebs.csi.aws.com';

/**
 * When a claim is bound. The first pod that needs it begins the provisioning (WaitForFirstConsumer); undefined while it
 * cannot be: no storage class, or the EBS CSI driver does not run.
 */
export function boundAtOf(cluster: Cluster, claim: Stored): number | undefined {
  if (claim.claim) return claim.claim.boundAt;
  const className = claim.object.spec?.['storageClassName'];
  if (typeof className !== 'string' || !cluster.find('storage.k8s.io', 'StorageClass', undefined, className))
    return undefined;
  if (!driverRuns(cluster)) return undefined;
  return provision(cluster, claim).boundAt;
}

/** A driver that is about to run is enough: provisioning is then merely retried for a moment. */
function driverRuns(cluster: Cluster): boolean {
  return cluster
    .all('apps', 'Deployment')
    .some(({ object }) => object.metadata.labels?.['app.kubernetes.io/name'] === 'aws-ebs-csi-driver');
}

function provision(cluster: Cluster, claim: Stored): { boundAt: number; volume: string } {
  const { metadata, spec } = claim.object;
  const seconds = cluster.around.chance.milliseconds(`binding of ${keyOf(claim.object)}`, SECONDS.volumeBound);
  const boundAt = cluster.at + seconds;
  const volume = `pvc-${metadata.uid}`;
  const id = ec2Id(cluster, 'vol', volume);
  const size = String(
    (isFields(spec?.['resources']) ? (spec['resources']['requests'] as Fields | undefined) : {})?.['storage'] ?? '1Gi',
  );
  const arn = arnOf(cluster, 'ec2', `volume/${id}`);
  cluster.around.aws.put({
    arn,
    type: 'ec2:volume',
    id,
    region: cluster.eks.region,
    tags: volumeTags(cluster, claim, volume),
    madeBy: 'kubernetes',
    createdAt: iso(cluster.at + 2000),
    activeAt: iso(boundAt),
    attributes: {
      size: Number.parseInt(size, 10),
      volumeType: 'gp3',
      state: 'in-use',
      availabilityZone: `${cluster.eks.region}a`,
    },
  });
  claim.aws = [arn];
  claim.claim = { boundAt, volume };
  cluster.bump(claim);
  cluster.create(persistentVolume(claim, volume, id, size), PROVISIONER, boundAt);
  cluster.schedule(boundAt, 'settled', keyOf(claim.object));
  return claim.claim;
}

function persistentVolume(claim: Stored, name: string, volumeHandle: string, storage: string) {
  const { metadata, spec } = claim.object;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: { 'pv.kubernetes.io/provisioned-by': DRIVER },
      finalizers: ['kubernetes.io/pv-protection', 'external-attacher/ebs-csi-aws-com'],
    },
    spec: {
      accessModes: spec?.['accessModes'],
      capacity: { storage },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      },
      csi: { driver: DRIVER, fsType: 'ext4', volumeHandle },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: spec?.['storageClassName'],
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound' },
  };
}

/**
 * Tags as the driver's docs/tagging.md lists them. Those that name the cluster are there only when the controller was
 * given `k8sTagClusterId`: without it no tag ties a volume to its cluster.
 */
function volumeTags(cluster: Cluster, claim: Stored, volume: string): Record<string, string> {
  const { k8sTagClusterId, extraVolumeTags } = driverConfiguration(cluster);
  return {
    'ebs.csi.aws.com/cluster': 'true',
    CSIVolumeName: volume,
    'kubernetes.io/created-for/pv/name': volume,
    'kubernetes.io/created-for/pvc/name': claim.object.metadata.name,
    'kubernetes.io/created-for/pvc/namespace': claim.object.metadata.namespace ?? '',
    ...(typeof k8sTagClusterId === 'string' && {
      [`kubernetes.io/cluster/${k8sTagClusterId}`]: 'owned',
      'ebs.csi.aws.com/cluster-name': k8sTagClusterId,
      Name: `${k8sTagClusterId}-dynamic-${volume}`,
    }),
    ...(isFields(extraVolumeTags) ? (extraVolumeTags as Record<string, string>) : {}),
  };
}

function driverConfiguration(cluster: Cluster): Fields {
  const addon = cluster.around.aws
    .list('eks:addon')
    .find(
      ({ attributes }) =>
        attributes['clusterName'] === cluster.name && attributes['addonName'] === 'aws-ebs-csi-driver',
    );
  const controller = addonConfiguration(addon?.attributes ?? {})['controller'];
  return isFields(controller) ? controller : {};
}

/** `configuration_values` of an add-on (JSON text as Terraform passes it, or already an object). */
export function addonConfiguration(attributes: Fields): Fields {
  const values = attributes['configurationValues'] ?? attributes['configuration_values'];
  if (isFields(values)) return values;
  try {
    const parsed: unknown = JSON.parse(typeof values === 'string' && values !== '' ? values : '{}');
    return isFields(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function claimStatus(cluster: Cluster, claim: Stored): { status: Fields; until: number } {
  const { boundAt = Infinity } = claim.claim ?? {};
  if (boundAt > cluster.at) return { status: { phase: 'Pending' }, until: boundAt };
  const storage = (claim.object.spec?.['resources'] as { requests?: Fields } | undefined)?.requests?.['storage'];
  return {
    status: { accessModes: claim.object.spec?.['accessModes'], capacity: { storage }, phase: 'Bound' },
    until: Infinity,
  };
}

/** A claim that is being deleted goes when no pod uses it; then its volume is deleted, unless the scenario keeps it. */
export function releaseClaim(cluster: Cluster, key: string): void {
  const claim = cluster.byKey(key);
  if (!claim?.object.metadata.deletionTimestamp) return;
  if (inUse(cluster, claim)) {
    cluster.after(2000, 'release-claim', key);
    return;
  }
  cluster.dropFinalizer(claim, (name) => name === 'kubernetes.io/pvc-protection');
  if (!claim.claim) return;
  const volume = cluster.find('', 'PersistentVolume', undefined, claim.claim.volume);
  const stays = cluster.around.faults.some(({ kind }) => kind === 'volume-stays');
  if (volume) {
    delete volume.object.metadata.finalizers;
    volume.object.metadata.deletionTimestamp = timestamp(cluster.at);
    cluster.vanish(volume, stays ? 0 : SECONDS.volumeGone * 1000);
  }
  for (const arn of claim.aws ?? []) {
    if (stays) refuseDeletion(cluster, arn);
    else endResource(cluster, arn, SECONDS.volumeGone * 1000);
  }
}

function refuseDeletion(cluster: Cluster, arn: string): void {
  const volume = cluster.around.aws.get(arn);
  if (!volume) return;
  volume.undeletable = {
    code: 'VolumeInUse',
    message: `Volume ${volume.id} is currently attached to ${ec2Id(cluster, 'i', volume.id)}`,
  };
  cluster.around.aws.changed();
}

function inUse(cluster: Cluster, claim: Stored): boolean {
  const { namespace, name } = claim.object.metadata;
  return cluster
    .all('', 'Pod', namespace)
    .some(({ object }) =>
      ((object.spec ?? {}) as PodSpec).volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name),
    );
}
