import type { Host } from '../../adapters/host';
import type { EksCluster } from '../../domain/ports/eks';

/** The ports of a host whose calls can be stood between. */
export type PortName =
  | 'history'
  | 'evidence'
  | 'objects'
  | 'mailer'
  | 'eks'
  | 'kubernetes'
  | 'builds'
  | 'executions'
  | 'inventory'
  | 'accountChecks'
  | 'secrets'
  | 'commands';

/** Stands between a caller and a method of a port; `call` does what was asked for. */
export type AroundCall = (port: PortName, method: string, call: () => Promise<unknown>) => Promise<unknown>;

const PORTS = [
  'history',
  'evidence',
  'mailer',
  'builds',
  'executions',
  'inventory',
  'accountChecks',
  'secrets',
  'commands',
] as const satisfies readonly (PortName & keyof Host)[];

/** A host whose every call goes through `around`. */
export function wrappedHost(host: Host, around: AroundCall): Host {
  const result: Host = { ...host, objects: (bucket) => wrapped(host.objects(bucket), 'objects', around) };
  for (const name of PORTS) Object.assign(result, { [name]: wrapped(host[name], name, around) });
  const kubernetes = (cluster: EksCluster) => wrapped(host.eks.kubernetes(cluster), 'kubernetes', around);
  const eks = wrapped(host.eks, 'eks', around);
  return { ...result, eks: Object.assign(Object.create(eks) as Host['eks'], { kubernetes }) };
}

function wrapped<Port extends object>(port: Port, name: PortName, around: AroundCall): Port {
  return new Proxy(port, {
    get(target, method) {
      const value: unknown = Reflect.get(target, method);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        around(name, String(method), async () => (value as (...given: unknown[]) => unknown).apply(target, args));
    },
  });
}
