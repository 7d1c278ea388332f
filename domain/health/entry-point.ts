import { type Rule, type Shaped, deletion, reading } from './object-reading';

interface LoadBalanced {
  readonly loadBalancer: { readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[] };
}
type Service = Shaped<{ type: string }, LoadBalanced>;
type Ingress = Shaped<object, LoadBalanced>;

/** A Service waits for nothing, except for its load balancer when it asks for one. Nothing says since when it has it. */
export const judgeService: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { spec } = object as Service;
  if (spec?.type !== 'LoadBalancer') return reading(object, 'healthy', `spec.type is ${spec?.type ?? 'ClusterIP'}`);
  return addressed(object as Service, object);
};

/** An Ingress is served once its controller has written an address. */
export const judgeIngress: Rule = (object) => deletion(object) ?? addressed(object as Ingress, object);

function addressed({ status }: Service | Ingress, object: Parameters<Rule>[0]): ReturnType<Rule> {
  const address = status?.loadBalancer?.ingress?.map(({ hostname, ip }) => hostname ?? ip).find((text) => text);
  return address === undefined
    ? reading(object, 'progressing', 'status.loadBalancer.ingress has no address yet')
    : reading(object, 'healthy', `status.loadBalancer.ingress is ${address}`);
}
