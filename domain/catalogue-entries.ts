import type { System } from './catalogue';
import { AWS_SYSTEMS } from './catalogue/aws';
import { GITOPS_SYSTEMS } from './catalogue/gitops';
import { INGRESS_SYSTEMS } from './catalogue/ingress';
import { LOGGING_SYSTEMS } from './catalogue/logging';
import { MONITORING_SYSTEMS } from './catalogue/monitoring';
import { NETWORK_SYSTEMS } from './catalogue/network';
import { POLICY_SYSTEMS } from './catalogue/policy';
import { SECRETS_SYSTEMS } from './catalogue/secrets';

/**
 * What the drill knows of the systems that platforms are usually made of, by name, as `system:` in drill.yaml names its
 * entries. The workloads are those of each chart's default values (or of the EKS add-on), selected by the labels that
 * the chart itself writes. What a platform does differently it says in drill.yaml: `namespace`, `workloads`,
 * `probesOff`. `docs/catalogue.md` shows every entry, and what the drill says of it in each state.
 */
export const CATALOGUE: Readonly<Record<string, System>> = Object.fromEntries(
  [
    ...NETWORK_SYSTEMS,
    ...INGRESS_SYSTEMS,
    ...AWS_SYSTEMS,
    ...GITOPS_SYSTEMS,
    ...MONITORING_SYSTEMS,
    ...LOGGING_SYSTEMS,
    ...SECRETS_SYSTEMS,
    ...POLICY_SYSTEMS,
  ].map((system) => [system.name, system]),
);
