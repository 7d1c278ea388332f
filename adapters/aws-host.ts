import type { Host, HostEnvironment } from './host';

/** The real host; its adapters are built when they are first asked for. */
export function awsHost(_environment: HostEnvironment, overrides: Partial<Host> = {}): Host {
  return overrides as Host;
}
