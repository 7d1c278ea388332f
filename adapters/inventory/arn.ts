/** `ec2:volume` of `arn:aws:ec2:eu-central-1:000000000000:volume/vol-1`; only the service where the ARN names no kind. */
export function typeOf(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  const resource = rest.join(':');
  const [kind] = /^[^/:]+(?=[/:])/.exec(resource) ?? [];
  if (kind === undefined) return service;
  // ELBv2 has its own kinds of load balancer in the path; a classic one has none and another API.
  if (kind === 'loadbalancer' && !/^loadbalancer\/(app|net|gwy)\//.test(resource))
    return `${service}:classic-loadbalancer`;
  return `${service}:${kind}`;
}

/** `vol-1` of `…:volume/vol-1`: what follows the kind. */
export function idOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  return resource.replace(/^[^/:]+[/:]/, '');
}

/** One spelling of an ARN that services write in two: CloudWatch Logs ends that of a log group with `:*`. */
export function canonicalArn(arn: string): string {
  return arn.replace(/:\*$/, '');
}
