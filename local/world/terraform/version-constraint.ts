/** Whether a version fulfils a constraint such as `>= 1.10, < 2.0` or `~> 1.11.0`. */
export function satisfies(version: string, constraint: string): boolean {
  return constraint.split(',').every((part) => {
    const [, operator = '', wanted = ''] = /^\s*(>=|<=|!=|~>|>|<|=|)\s*v?([\d.]+)/.exec(part) ?? [];
    const order = compare(version, wanted);
    switch (operator) {
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      case '!=':
        return order !== 0;
      case '~>':
        return order >= 0 && compare(version, nextOf(wanted)) < 0;
      default:
        return order === 0;
    }
  });
}

/** The first version that `~> wanted` excludes: `~> 1.11.0` ends before 1.12, `~> 1.11` before 2. */
function nextOf(wanted: string): string {
  const parts = wanted.split('.').map(Number);
  const kept = parts.slice(0, Math.max(1, parts.length - 1));
  return [...kept.slice(0, -1), (kept.at(-1) ?? 0) + 1].join('.');
}

function compare(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  return version.split(/[.-]/).map(Number);
}
