export type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const REQUIREMENT =
  /^\s*(!)?\s*([A-Za-z0-9_./-]+)\s*(?:(==|=|!=)\s*([A-Za-z0-9_.-]*)|\s(in|notin)\s*\(([^()]*)\))?\s*$/;

/**
 * A label selector such as `app=web,tier in (front, back),!canary`, as a test on labels.
 * @throws Error in the API server's words when it cannot be parsed.
 */
export function labelSelector(text: string): Requirement {
  const requirements = text
    .split(/,(?![^(]*\))/)
    .filter((part) => part.trim() !== '')
    .map(requirement);
  return (labels) => requirements.every((holds) => holds(labels));
}

function requirement(part: string): Requirement {
  const match = REQUIREMENT.exec(part);
  if (!match) {
    const found = /([=!()]+)\s*$/.exec(part.slice(0, part.search(/[=!]{1,2}=|=$/) + 3))?.[1] ?? part.trim();
    throw new Error(`unable to parse requirement: found '${found.slice(-1)}', expected: identifier`);
  }
  const [, not, key = '', operator, value = '', set, list = ''] = match;
  if (not) return (labels) => labels[key] === undefined;
  if (operator === '!=') return (labels) => labels[key] !== value;
  if (operator) return (labels) => labels[key] === value;
  if (!set) return (labels) => labels[key] !== undefined;
  const values = new Set(list.split(',').map((item) => item.trim()));
  const within: Requirement = (labels) => labels[key] !== undefined && values.has(labels[key]);
  return set === 'in' ? within : (labels) => !within(labels);
}

/** Whether an object's labels have everything that a `matchLabels` asks for. */
export function matches(labels: Labels | undefined, wanted: Labels | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}
