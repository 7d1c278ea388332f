/** One thing that an act of the lab has to show. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** What was seen. */
  readonly seen: string;
}

export function check(name: string, holds: boolean, seen: string): Check {
  return { name, holds, seen };
}

/** A check that two values are the same text. */
export function same(name: string, seen: unknown, wanted: unknown): Check {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(wanted)];
  return check(name, one === other, one === other ? one : `${one} instead of ${other}`);
}

export function checkLine({ name, holds, seen }: Check): string {
  return `${holds ? 'ok  ' : 'FAIL'}  ${name}: ${seen}`;
}
