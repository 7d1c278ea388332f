import { labEc2 } from '../../../local/lab/ec2';
import type { Service } from '../../../local/service';

function lab(answers: Readonly<Record<string, string>>): { asked: string[]; ask: (form: string) => Promise<string> } {
  const asked: string[] = [];
  const moto: Service = async ({ body }) => {
    asked.push(body.toString());
    const action = new URLSearchParams(body.toString()).get('Action') ?? '';
    return { status: 200, body: answers[action] ?? '<ok/>' };
  };
  const ec2 = labEc2(moto);
  return {
    asked,
    ask: async (form) => {
      const request = { method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.from(form) };
      return String((await ec2(request)).body);
    },
  };
}

test('a NAT gateway takes its network interface along', async () => {
  const { asked, ask } = lab({ DescribeNatGateways: '<networkInterfaceId>eni-1</networkInterfaceId>' });
  expect(await ask('Action=DeleteNatGateway&NatGatewayId=nat-1')).toBe('<ok/>');
  expect(asked.at(-1)).toContain('Action=DeleteNetworkInterface&NetworkInterfaceId=eni-1');
});

function tagsOf(type: string): string {
  return `<item><resourceType>${type}</resourceType><tagSet><item><key>a</key><value>b</value></item></tagSet></item>`;
}

test('the tags of a launch template are no part of its data', async () => {
  const { ask } = lab({
    DescribeLaunchTemplateVersions: `<set>${tagsOf('instance')}${tagsOf('launch-template')}</set>`,
  });
  expect(await ask('Action=DescribeLaunchTemplateVersions')).toBe(`<set>${tagsOf('instance')}</set>`);
});

test('everything else is passed on', async () => {
  const { asked, ask } = lab({});
  await ask('Action=DescribeVpcs');
  expect(asked).toEqual(['Action=DescribeVpcs']);
});
