/** The parts of a Terraform state (format version 4) that the drill reads. */
interface StateFile {
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode?: string;
    readonly type?: string;
    readonly name?: string;
    readonly instances?: readonly { readonly dependencies?: readonly string[] }[];
  }[];
}

/**
 * What each managed resource was made after, as Terraform keeps it for the order of a destroy: by the address of its
 * block, without the keys of modules and instances (`module.network.aws_subnet.private`). Terraform lists everything
 * below a resource; what another of its needs had to wait for anyway is left out, so that the answer stays small.
 * @param text what `terraform state pull` printed
 * @throws SyntaxError when it is not JSON
 */
export function dependenciesInState(text: string): Record<string, string[]> {
  const { resources = [] } = JSON.parse(text) as StateFile;
  const found = new Map<string, Set<string>>();
  for (const { module, mode, type, name, instances = [] } of resources) {
    if (mode !== 'managed') continue;
    const address = withoutKeys([module, type, name].filter((part) => part !== undefined).join('.'));
    const needs = found.get(address) ?? new Set<string>();
    for (const need of instances.flatMap(({ dependencies = [] }) => dependencies)) needs.add(withoutKeys(need));
    found.set(address, needs);
  }
  return Object.fromEntries(
    [...found].map(([address, needs]) => {
      const indirect = new Set([...needs].flatMap((need) => [...(found.get(need) ?? [])]));
      return [address, [...needs].filter((need) => !indirect.has(need))];
    }),
  );
}

/** `module.a["x"].aws_subnet.private[0]` is made by the block `module.a.aws_subnet.private`. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[[^\]]*\]/g, '');
}
