import { AWS } from './aws';
import type { SystemFixture } from './fixture';
import { GITOPS } from './gitops';
import { INGRESS } from './ingress';
import { LOGGING } from './logging';
import { MONITORING } from './monitoring';
import { NETWORK } from './network';
import { POLICY } from './policy';
import { SECRETS } from './secrets';

/** Every system of the catalogue, in the states that a drill meets. */
export const SYSTEM_FIXTURES: readonly SystemFixture[] = [
  ...NETWORK,
  ...INGRESS,
  ...AWS,
  ...GITOPS,
  ...MONITORING,
  ...LOGGING,
  ...SECRETS,
  ...POLICY,
];
