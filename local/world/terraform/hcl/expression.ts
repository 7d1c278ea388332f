/** An expression of Terraform's language, as far as the stand-in reads it. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** A string with `${…}` in it. A template of one interpolation alone is that value, not a string. */
  | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
  /** The first name of a reference: `var`, `local`, `each`, a resource type or the variable of a `for`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  /** `of[*]` followed by what is read of each element; `element` stands for one. */
  | { readonly kind: 'splat'; readonly of: Expression; readonly each: Expression }
  | { readonly kind: 'element' }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly spread: boolean;
    }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly items: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: 'for';
      readonly keyName?: string;
      readonly valueName: string;
      readonly of: Expression;
      /** Set for `{ for … : key => value }`. */
      readonly key?: Expression;
      readonly value: Expression;
      readonly condition?: Expression;
      readonly grouped: boolean;
    }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    };

/** The names of a static reference from its root, such as `['aws_vpc', 'this', 'id']`; undefined for anything else. */
export function staticPath(expression: Expression): readonly string[] | undefined {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'attribute') return undefined;
  const path = staticPath(expression.of);
  return path && [...path, expression.name];
}

/** Every reference in an expression by its longest static path; variables of `for` are left out. */
export function referencesIn(expression: Expression, bound: readonly string[] = []): readonly (readonly string[])[] {
  const path = staticPath(expression);
  if (path) return bound.includes(path[0]!) ? [] : [path];
  const inner =
    expression.kind === 'for'
      ? [...bound, expression.valueName, ...(expression.keyName === undefined ? [] : [expression.keyName])]
      : bound;
  return childrenOf(expression).flatMap((child) => referencesIn(child, inner));
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'template':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'attribute':
      return [expression.of];
    case 'index':
      return [expression.of, expression.key];
    case 'splat':
      return [expression.of, expression.each];
    case 'call':
      return expression.arguments;
    case 'tuple':
      return expression.items;
    case 'object':
      return expression.items.flat();
    case 'for':
      return [expression.of, expression.key, expression.value, expression.condition].filter(
        (part) => part !== undefined,
      );
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    default:
      return [];
  }
}
