import type { Eks } from '../../domain/ports/eks';

/** EKS with one cluster that is active and has a node group and an add-on. */
export interface EksUnderTest {
  readonly eks: Eks;
  readonly cluster: string;
  readonly nodegroup: string;
  readonly addon: string;
  readonly vpcId: string;
  /** A managed Argo CD, where the implementation has one. */
  readonly argocd?: string;
}

const ROLE = 'arn:aws:iam::000000000000:role/cluster-drill-health';

/** What every EKS does. */
export function describeEksContract(name: string, setup: () => Promise<EksUnderTest>): void {
  describe(`${name} as EKS`, () => {
    let under: EksUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

    test('an active cluster has an endpoint, a certificate authority and no health issue', async () => {
      const cluster = await under.eks.cluster(under.cluster);
      expect(cluster).toMatchObject({
        name: under.cluster,
        arn: expect.stringMatching(new RegExp(`^arn:aws:eks:[a-z0-9-]+:\\d{12}:cluster/${under.cluster}$`)),
        status: 'ACTIVE',
        version: expect.stringMatching(/^\d+\.\d+$/),
        vpcId: under.vpcId,
        health: [],
      });
      expect(cluster?.endpoint).toMatch(/^https:\/\//);
      expect(cluster?.certificateAuthority).toBeTruthy();
      expect(Date.parse(cluster?.createdAt ?? '')).not.toBeNaN();
    });

    test('its parts are the node group, with its wanted nodes, and the add-on', async () => {
      expect(await under.eks.parts(under.cluster)).toMatchObject([
        { kind: 'nodegroup', name: under.nodegroup, status: 'ACTIVE', desiredNodes: 3, health: [] },
        { kind: 'addon', name: under.addon, status: 'ACTIVE', health: [] },
      ]);
    });

    test('a cluster that is not there is undefined and has no parts', async () => {
      expect(await under.eks.cluster('drill-000000')).toBeUndefined();
      expect(await under.eks.parts('drill-000000')).toEqual([]);
    });

    test('a managed Argo CD is active, with the role it works by and the namespace it reads', async () => {
      const { argocd } = under;
      const role = expect.stringMatching(/^arn:aws:iam::\d{12}:role\//);
      const expected = {
        kind: 'capability',
        type: 'ARGOCD',
        status: 'ACTIVE',
        roleArn: role,
        namespace: 'argocd',
        health: [],
      };
      const capabilities = await under.eks.capabilities(under.cluster);
      expect(capabilities).toMatchObject(argocd === undefined ? [] : [{ ...expected, name: argocd }]);
      expect(await under.eks.capabilities('drill-000000')).toEqual([]);
    });

    test('access can be granted again and again', async () => {
      const grants = [{ roleArn: ROLE, policy: 'AmazonEKSAdminViewPolicy' }];
      await under.eks.grantAccess(under.cluster, grants);
      await expect(under.eks.grantAccess(under.cluster, grants)).resolves.toBeUndefined();
    });

    test('versions that are offered have a number and a status', async () => {
      const versions = await under.eks.versions();
      expect(versions.length).toBeGreaterThan(0);
      expect(versions.every(({ version, status }) => /^\d+\.\d+$/.test(version) && status !== '')).toBe(true);
    });
  });
}
