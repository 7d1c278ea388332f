import type { Service, ServiceAnswer, ServiceRequest } from '../service';

/**
 * EC2 of the lab: moto's, but for two things that moto 5.2 does otherwise than AWS. A NAT gateway takes its network
 * interface along when it is deleted (left, it would count as a leak), and the tags of a launch template are no part of
 * what it says of instances (Terraform would plan to take them out).
 */
export function labEc2(moto: Service): Service {
  return async (request) => {
    const form = new URLSearchParams(request.body.toString('latin1'));
    switch (form.get('Action')) {
      case 'DeleteNatGateway':
        return deleteNatGateway(moto, request, form.get('NatGatewayId') ?? '');
      case 'DescribeLaunchTemplateVersions':
        return withoutOwnTags(await moto(request));
      default:
        return moto(request);
    }
  };
}

async function deleteNatGateway(moto: Service, request: ServiceRequest, id: string): Promise<ServiceAnswer> {
  const ask = async (parameters: Record<string, string>): Promise<string> => {
    const body = Buffer.from(new URLSearchParams({ ...parameters, Version: '2016-11-15' }).toString());
    return String((await moto({ ...request, body })).body ?? '');
  };
  const gateway = await ask({ Action: 'DescribeNatGateways', 'NatGatewayId.1': id });
  const answer = await moto(request);
  const [, networkInterface] = /<networkInterfaceId>(eni-[^<]+)</.exec(gateway) ?? [];
  if (answer.status === 200 && networkInterface) {
    await ask({ Action: 'DeleteNetworkInterface', NetworkInterfaceId: networkInterface });
  }
  return answer;
}

const OWN_TAGS = /<item><resourceType>launch-template<\/resourceType><tagSet>.*?<\/tagSet><\/item>/gs;

function withoutOwnTags(answer: ServiceAnswer): ServiceAnswer {
  return { ...answer, body: String(answer.body ?? '').replaceAll(OWN_TAGS, '') };
}
