import type { KubernetesApi, KubernetesObject, ResourceType } from '../../domain/ports/kubernetes';
import { mergePatch } from '../../local/world/kubernetes/json-merge';

/** A Kubernetes API of plain objects. What is deleted goes at once, unless finalizers hold it. */
export class FakeKubernetes implements KubernetesApi {
  readonly objects: KubernetesObject[] = [];
  /** Every change in its order, such as `delete Service web/web`. */
  readonly changes: string[] = [];
  /** Kinds whose types are not served (their CRD is missing). */
  readonly unserved = new Set<string>();
  /** Thrown by every call while it is set. */
  error: Error | undefined;
  /** Called before each call, for what happens meanwhile. */
  before: (call: string) => void = () => {};

  constructor(...objects: KubernetesObject[]) {
    this.objects.push(...objects);
  }

  async types(apiVersion: string): Promise<readonly ResourceType[]> {
    this.answer(`types ${apiVersion}`);
    const kinds = new Set(this.objects.filter((object) => object.apiVersion === apiVersion).map(({ kind }) => kind));
    return [...kinds].map((kind) => ({ apiVersion, kind, plural: `${kind.toLowerCase()}s`, namespaced: true }));
  }

  async list(
    type: ResourceType,
    options: { namespace?: string; labelSelector?: string } = {},
  ): Promise<readonly KubernetesObject[] | undefined> {
    this.answer(`list ${type.kind}`);
    if (this.unserved.has(type.kind)) return undefined;
    const [label, value] = options.labelSelector?.split('=') ?? [];
    return this.objects.filter(
      (object) =>
        isOf(object, type) &&
        (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
        (label === undefined || object.metadata.labels?.[label] === value),
    );
  }

  async get(type: ResourceType, name: string, namespace?: string): Promise<KubernetesObject | undefined> {
    this.answer(`get ${type.kind} ${name}`);
    return this.objects.find((object) => isNamed(object, type, name, namespace));
  }

  async apply(type: ResourceType, object: KubernetesObject): Promise<KubernetesObject> {
    this.answer(`apply ${title(object)}`);
    this.changes.push(`apply ${title(object)}`);
    this.replace(type, object);
    return object;
  }

  async patch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    patch: unknown,
  ): Promise<KubernetesObject | undefined> {
    const object = this.objects.find((one) => isNamed(one, type, name, namespace));
    if (!object) return undefined;
    this.answer(`patch ${title(object)}`);
    this.changes.push(`patch ${title(object)} ${JSON.stringify(patch)}`);
    const patched = mergePatch(object, patch) as KubernetesObject;
    this.replace(type, patched);
    if (patched.metadata.deletionTimestamp !== undefined) this.letGo(patched);
    return patched;
  }

  async delete(type: ResourceType, name: string, namespace?: string): Promise<void> {
    const object = this.objects.find((one) => isNamed(one, type, name, namespace));
    if (!object) return;
    this.answer(`delete ${title(object)}`);
    this.changes.push(`delete ${title(object)}`);
    const deleted = mergePatch(object, { metadata: { deletionTimestamp: '2026-10-05T08:00:00Z' } }) as KubernetesObject;
    this.replace(type, deleted);
    this.letGo(deleted);
  }

  async logs(): Promise<string> {
    return '';
  }

  /** Removes an object, as its controller does when it has cleaned up. */
  remove(kind: string, name: string): void {
    const index = this.objects.findIndex((object) => object.kind === kind && object.metadata.name === name);
    if (index >= 0) this.objects.splice(index, 1);
  }

  private answer(call: string): void {
    this.before(call);
    if (this.error) throw this.error;
  }

  private replace(type: ResourceType, object: KubernetesObject): void {
    const { name, namespace } = object.metadata;
    const index = this.objects.findIndex((one) => isNamed(one, type, name, namespace));
    if (index >= 0) this.objects[index] = object;
    else this.objects.push(object);
  }

  private letGo(object: KubernetesObject): void {
    if ((object.metadata.finalizers ?? []).length === 0) this.objects.splice(this.objects.indexOf(object), 1);
  }
}

function isOf(object: KubernetesObject, type: ResourceType): boolean {
  return object.kind === type.kind && object.apiVersion === type.apiVersion;
}

function isNamed(object: KubernetesObject, type: ResourceType, name: string, namespace?: string): boolean {
  return isOf(object, type) && object.metadata.name === name && object.metadata.namespace === namespace;
}

function title({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
