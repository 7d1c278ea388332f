import type { Resource } from './account';
import type { Scenery } from './faults';
import { NEIGHBOUR } from './invariants';
import type { SimulatedCloud } from './simulated-cloud';

/** Puts the neighbours of the drills into the account, and what is wrong from the beginning. */
export function furnish(cloud: SimulatedCloud, scenery: Scenery): void {
  const { account, clusters } = cloud.outside;
  const neighbour = (type: string, id: string, more: Partial<Resource> = {}): void =>
    account.create(
      { arn: account.arnOf(type, id), type, id, tags: { team: 'shop' }, owner: NEIGHBOUR, uses: [], ...more },
      NEIGHBOUR,
    );
  const vpcId = 'vpc-neighbour';
  neighbour('ec2:vpc', vpcId, { vpcId });
  neighbour('ec2:subnet', 'subnet-neighbour', { vpcId, uses: [account.arnOf('ec2:vpc', vpcId)] });
  neighbour('eks:cluster', 'production', { vpcId });
  neighbour('ec2:volume', 'vol-production', { tags: { 'ebs.csi.aws.com/cluster-name': 'production' } });
  neighbour('logs:log-group', '/aws/eks/production/cluster');

  clusters.onAdded = ({ identity, platform }) => {
    // A permanent subnet that load balancers of the drill cluster may use, as controllers want it tagged.
    const shared = { [`kubernetes.io/cluster/${identity.name}`]: 'shared' };
    neighbour('ec2:subnet', `subnet-shared-${identity.name}`, { vpcId, tags: shared });
    if (scenery.stranger) {
      const { vpcArn, vpcId: own } = identity;
      const tags = { 'cluster-drill': 'gamma-20260901-0600-ffffff' };
      neighbour('ec2:network-interface', `eni-${identity.name}`, { vpcId: own, tags, uses: [vpcArn] });
    }
    platform.faults = {
      ...(scenery.sick === undefined ? {} : { sick: scenery.sick }),
      controllersGone: scenery.controllersGone ?? false,
      untaggedVolumes: scenery.untaggedVolumes ?? false,
      volumesStay: scenery.volumesStay ?? false,
      ...(scenery.borrowedVolume ? { borrowedVolume: 'vol-production' } : {}),
    };
    const { stuck } = scenery;
    if (stuck !== undefined) account.stuckTypes.set(stuck, identity.drillId);
  };
  account.logGroupsComeBack = scenery.logGroupComesBack ?? false;
}
