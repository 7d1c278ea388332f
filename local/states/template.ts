import { compileExpression, type Expression } from './intrinsics';
import { isObject } from './payload';

/**
 * Compiles a payload template (`Parameters`, `ResultSelector`): fields whose name ends in `.$` take the value of their
 * path or intrinsic function, everything else stands as written. Parts without such a field are shared, not copied.
 * @throws SyntaxError
 */
export function compileTemplate(template: unknown): Expression {
  return partOf(template) ?? (() => template);
}

/** Undefined for a part that does not depend on anything. */
function partOf(template: unknown): Expression | undefined {
  if (Array.isArray(template)) return arrayOf(template);
  return isObject(template) ? objectOf(template) : undefined;
}

function arrayOf(template: readonly unknown[]): Expression | undefined {
  const parts = template.map(partOf);
  if (parts.every((part) => part === undefined)) return undefined;
  return (scope) => template.map((item, index) => parts[index]?.(scope) ?? item);
}

function objectOf(template: Readonly<Record<string, unknown>>): Expression | undefined {
  const fields = Object.entries(template).map(([key, value]) => fieldOf(key, value));
  if (fields.every(({ part }) => part === undefined)) return undefined;
  return (scope) => {
    const result: Record<string, unknown> = {};
    for (const { name, part, value } of fields) result[name] = part ? part(scope) : value;
    return result;
  };
}

function fieldOf(key: string, value: unknown): { name: string; part: Expression | undefined; value: unknown } {
  if (!key.endsWith('.$')) return { name: key, part: partOf(value), value };
  if (typeof value !== 'string') throw new SyntaxError(`"${key}" must be a path or an intrinsic function`);
  return { name: key.slice(0, -2), part: compileExpression(value, key), value };
}
