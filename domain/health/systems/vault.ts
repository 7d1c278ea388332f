import type { KubernetesObject } from '../../ports/kubernetes';
import { type Rule, type Shaped, reading } from '../object-reading';
import { podsOf } from '../pod';
import { judgeStatefulSet } from '../stateful-set';

type Pod = Shaped<
  object,
  {
    containerStatuses: readonly {
      readonly name: string;
      readonly ready?: boolean;
      readonly state?: { readonly running?: object };
    }[];
  }
>;

/**
 * Vault's servers. A fresh one is not initialised, and a restarted one is sealed: it runs, is not ready (the chart's
 * readiness probe is `vault status`, which ends with 2 while it is sealed), and stays so until a person acts or it
 * unseals itself. So it waits for somebody, which no other reading of a StatefulSet would tell.
 *
 * In high availability Vault labels its pods, which tells the two apart; alone it does not.
 * Source: hashicorp/vault-helm 0.34.1, templates/server-statefulset.yaml; hashicorp/vault,
 * serviceregistration/kubernetes/service_registration.go.
 */
export const judgeVaultServer: Rule = (object, related) => {
  const said = judgeStatefulSet(object, related);
  if (said.status !== 'progressing') return said;
  const waiting = podsOf(object, related?.pods).find(runsUnready);
  const sentence = waiting && sentenceOf(waiting);
  return sentence === undefined ? said : reading(object, 'suspended', sentence);
};

function runsUnready(pod: KubernetesObject): boolean {
  const vault = (pod as Pod).status?.containerStatuses?.find(({ name }) => name === 'vault');
  return vault?.state?.running !== undefined && vault.ready !== true;
}

/** Undefined for a pod that is unsealed by its labels, and for which something else is missing. */
function sentenceOf({ metadata: { name, labels = {} } }: KubernetesObject): string | undefined {
  const { 'vault-initialized': initialized, 'vault-sealed': sealed } = labels;
  if (initialized === 'false') {
    return `Vault is not initialised (pod ${name} says vault-initialized=false): somebody must run vault operator init`;
  }
  if (sealed === 'true') {
    return `Vault is sealed (pod ${name} says vault-sealed=true): somebody must unseal it, unless it unseals itself`;
  }
  if (sealed !== undefined) return undefined;
  return `Vault is sealed or not initialised: pod ${name} runs and is not ready, and its readiness probe is vault status`;
}
