import type { Service, ServiceRequest } from '../service';

/**
 * EC2 of the lab: moto's, but that a NAT gateway takes its network interface along when it is deleted, as AWS's does.
 * Moto 5.2 leaves the interface, which would count as a leak.
 */
export function labEc2(moto: Service): Service {
  const ask = async (like: ServiceRequest, parameters: Record<string, string>): Promise<string> => {
    const body = Buffer.from(new URLSearchParams({ ...parameters, Version: '2016-11-15' }).toString());
    return String((await moto({ ...like, body })).body ?? '');
  };
  return async (request) => {
    const form = new URLSearchParams(request.body.toString('latin1'));
    if (form.get('Action') !== 'DeleteNatGateway') return moto(request);
    const id = form.get('NatGatewayId') ?? '';
    const gateway = await ask(request, { Action: 'DescribeNatGateways', 'NatGatewayId.1': id });
    const answer = await moto(request);
    const [, networkInterface] = /<networkInterfaceId>(eni-[^<]+)</.exec(gateway) ?? [];
    if (answer.status === 200 && networkInterface) {
      await ask(request, { Action: 'DeleteNetworkInterface', NetworkInterfaceId: networkInterface });
    }
    return answer;
  };
}
