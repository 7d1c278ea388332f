import {
  blockingServicesOf,
  isBlockingWebhook,
  isDiscoveryFailing,
  isUnavailableApi,
  titleOf,
} from '../../domain/drain';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../domain/ports/kubernetes';

/** The controllers of the foundation clean up after load balancers and volumes, so nothing here is stopped. */
const FOUNDATION_NAMESPACE = 'kube-system';

/**
 * What stands in the way of deletions: admission webhooks whose pods the draining takes away, and aggregated APIs
 * without a server, for which namespaces wait for ever. Policy engines register their webhooks themselves (Kyverno at
 * every start of its admission controller, and when one was deleted), so they are looked for again and again, and the
 * program behind one that comes back is stopped.
 */
export class Blockers {
  private readonly removed = new Set<string>();

  constructor(
    private readonly kubernetes: KubernetesApi,
    private readonly note: (sentence: string) => void,
  ) {}

  async remove(): Promise<void> {
    for (const type of [BUILD_RESOURCE.validatingWebhooks, BUILD_RESOURCE.mutatingWebhooks]) {
      for (const webhook of ((await this.kubernetes.list(type)) ?? []).filter(isBlockingWebhook)) {
        if (this.removed.has(titleOf(webhook))) await this.stopOwnersOf(webhook);
        await this.delete(type, webhook);
      }
    }
    const namespaces = (await this.kubernetes.list(BUILD_RESOURCE.namespace)) ?? [];
    if (!namespaces.some(isDiscoveryFailing)) return;
    for (const api of ((await this.kubernetes.list(RESOURCE.apiService)) ?? []).filter(isUnavailableApi)) {
      await this.delete(RESOURCE.apiService, api);
      this.note(`${titleOf(api)} had no server, for which namespaces waited; it was deleted`);
    }
  }

  private async delete(type: ResourceType, object: KubernetesObject): Promise<void> {
    await this.kubernetes.delete(type, object.metadata.name);
    this.removed.add(titleOf(object));
  }

  private async stopOwnersOf(webhook: KubernetesObject): Promise<void> {
    for (const { name, namespace } of blockingServicesOf(webhook)) {
      if (namespace === FOUNDATION_NAMESPACE) continue;
      const service = await this.kubernetes.get(RESOURCE.service, name, namespace);
      const { selector } = (service?.spec ?? {}) as { selector?: Record<string, string> };
      if (!selector) continue;
      for (const deployment of (await this.kubernetes.list(RESOURCE.deployment, { namespace })) ?? []) {
        if (isStoppable(deployment, selector)) await this.stop(deployment, webhook);
      }
    }
  }

  private async stop(deployment: KubernetesObject, webhook: KubernetesObject): Promise<void> {
    const { name, namespace } = deployment.metadata;
    await this.kubernetes.patch(RESOURCE.deployment, name, namespace, { spec: { replicas: 0 } });
    this.note(`${titleOf(deployment)} had registered ${titleOf(webhook)} again and was stopped`);
  }
}

function isStoppable({ spec }: KubernetesObject, selector: Readonly<Record<string, string>>): boolean {
  const { replicas, template } = (spec ?? {}) as {
    replicas?: number;
    template?: { metadata?: { labels?: Record<string, string> } };
  };
  const labels = template?.metadata?.labels ?? {};
  return replicas !== 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
}
