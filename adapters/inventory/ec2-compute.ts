import {
  DeleteLaunchTemplateCommand,
  DeleteVolumeCommand,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { allOf } from '../pages';
import type { Ec2Kind } from './ec2-kind';
import { tagsOf } from './tagged-resources';

const instance: Ec2Kind = {
  kind: 'instance',
  idFilter: 'instance-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeInstances({ client }, { Filters }), ({ Reservations }) =>
      Reservations?.flatMap(({ Instances }) => Instances ?? []),
    );
    return all.map((each) => ({
      id: each.InstanceId!,
      counts: !['shutting-down', 'terminated'].includes(each.State?.Name ?? ''),
      tags: tagsOf(each.Tags),
      createdAt: each.LaunchTime,
      vpcId: each.VpcId,
      size: each.InstanceType,
    }));
  },
  remove: (client, id) => client.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
};

const volume: Ec2Kind = {
  kind: 'volume',
  idFilter: 'volume-id',
  clusterTag: 'ebs.csi.aws.com/cluster-name',
  // The CSI driver does not tag its volumes with the cluster by default: *Drain cluster* notes them beforehand.
  named: { ids: ({ volumeIds }) => volumeIds, reason: 'volume of a claim of the drill cluster' },
  // One that was attached later than its instance was made stays when the instance goes.
  attached: { filter: 'attachment.instance-id', reason: 'attached to an instance of the drill' },
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeVolumes({ client }, { Filters }), ({ Volumes }) => Volumes);
    return all.map((each) => ({
      id: each.VolumeId!,
      counts: !['deleting', 'deleted'].includes(each.State ?? ''),
      tags: tagsOf(each.Tags),
      createdAt: each.CreateTime,
      size: each.Size === undefined ? undefined : String(each.Size),
      instanceId: each.Attachments?.[0]?.InstanceId,
      endsWithInstance: each.Attachments?.some(({ DeleteOnTermination }) => DeleteOnTermination) ?? false,
    }));
  },
  remove: (client, id) => client.send(new DeleteVolumeCommand({ VolumeId: id })),
};

const BY_ID = 'launch-template-id';

const launchTemplate: Ec2Kind = {
  kind: 'launch-template',
  clusterTag: 'karpenter.k8s.aws/cluster',
  idFilter: BY_ID,
  async describe(client, filters) {
    // EC2 has no such filter for launch templates; those of the region are few, so the ids are compared here.
    const ids = filters.find(({ Name }) => Name === BY_ID)?.Values;
    const Filters = filters.filter(({ Name }) => Name !== BY_ID);
    const all = await allOf(
      paginateDescribeLaunchTemplates({ client }, { Filters }),
      ({ LaunchTemplates }) => LaunchTemplates,
    );
    return all
      .filter(({ LaunchTemplateId }) => !ids || ids.includes(LaunchTemplateId!))
      .map((each) => ({
        id: each.LaunchTemplateId!,
        counts: true,
        tags: tagsOf(each.Tags),
        createdAt: each.CreateTime,
      }));
  },
  remove: (client, id) => client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
};

/** What a cluster computes with and stores on. */
export const COMPUTE_KINDS: readonly Ec2Kind[] = [instance, volume, launchTemplate];
