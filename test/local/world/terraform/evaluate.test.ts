import { evaluate } from '../../../../local/world/terraform/hcl/evaluate';
import type { Scope } from '../../../../local/world/terraform/hcl/evaluate';
import { referencesIn } from '../../../../local/world/terraform/hcl/expression';
import { parseExpression, parseTemplate } from '../../../../local/world/terraform/hcl/parse-expression';
import { UNKNOWN } from '../../../../local/world/terraform/hcl/value';
import type { Value } from '../../../../local/world/terraform/hcl/value';

const NAMES: Readonly<Record<string, Value>> = {
  var: {
    name: 'drill',
    empty: '',
    tags: { owner: 'team', 'cost-centre': '7' },
    zones: ['a', 'b', 'c'],
    enabled: true,
    groups: [
      { name: 'x', size: 1 },
      { name: 'y', size: 2 },
    ],
  },
  count: { index: 2 },
  aws_subnet: { private: [{ id: 'subnet-1' }, { id: 'subnet-2' }] },
};

const scope: Scope = {
  resolve: ([root = '']) => ({ value: NAMES[root] ?? UNKNOWN, length: 1 }),
};

test.each<[string, Value]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * -3', -9],
  ['7 % 4 == 3 && !false', true],
  ['1 < 2 || missing.value', true],
  ['var.enabled ? "yes" : "no"', 'yes'],
  ['var.empty == "" ? [] : [var.empty]', []],
  ['var.zones[1]', 'b'],
  ['var.zones.0', 'a'],
  ['var.tags["cost-centre"]', '7'],
  ['aws_subnet.private[*].id', ['subnet-1', 'subnet-2']],
  ['aws_subnet.private.*.id', ['subnet-1', 'subnet-2']],
  ['{ for g in var.groups : g.name => g.size if g.size > 1 }', { y: 2 }],
  ['[for i, zone in var.zones : "${i}${upper(zone)}"]', ['0A', '1B', '2C']],
  ['{ for g in var.groups : "all" => g.name... }', { all: ['x', 'y'] }],
  ['{ Name = "a", (var.name) = 1, "quoted": true, }', { Name: 'a', drill: 1, quoted: true }],
  ['merge(var.tags, { owner = "me" })', { owner: 'me', 'cost-centre': '7' }],
  ['cidrsubnet("10.64.0.0/16", 4, count.index + 1)', '10.64.48.0/20'],
  ['cidrsubnet("10.64.0.0/16", 2, 9)', UNKNOWN],
  ['slice(var.zones, 0, 2)', ['a', 'b']],
  ['join("-", concat(var.zones, ["d"]))', 'a-b-c-d'],
  ['toset(["b", "a", "b"])', ['b', 'a']],
  ['format("%s-%02d", var.name, 7)', 'drill-07'],
  ['jsonencode({ a = [1, true, null] })', '{"a":[1,true,null]}'],
  ['try(var.missing.deep, "fallback")', 'fallback'],
  ['coalesce("", var.name)', 'drill'],
  ['lookup(var.tags, "none", "default")', 'default'],
  ['replace("a.b", ".", "-")', 'a-b'],
  ['replace("a1b2", "/[0-9]/", "")', 'ab'],
  ['max(var.zones...)', Number.NaN],
  ['flatten([[1], [[2]]])', [1, 2]],
  [
    'setproduct(["a", "b"], [1])',
    [
      ['a', 1],
      ['b', 1],
    ],
  ],
  ['nonesuch_function(1)', UNKNOWN],
  ['missing.attribute', UNKNOWN],
])('%s', (text, value) => {
  expect(evaluate(parseExpression(text), scope)).toEqual(value);
});

test.each<[string, Value]>([
  ['plain', 'plain'],
  ['${var.zones}', ['a', 'b', 'c']],
  ['${var.name}-${count.index}', 'drill-2'],
  ['$${not.a.reference}', '${not.a.reference}'],
  ['${jsonencode({ a = "x-${var.name}" })}', '{"a":"x-drill"}'],
  ['${<<-EOT\n  hello ${var.name}\n  EOT\n}', 'hello drill\n'],
  ['${ /* why */ var.name # because\n}', 'drill'],
])('the template %j', (text, value) => {
  expect(evaluate(parseTemplate(text), scope)).toEqual(value);
});

test('references are found everywhere but in the variables of a for', () => {
  const text = '[for s in aws_subnet.private : s.id if s.az == local.azs[count.index] && module.net.ok]';
  expect(referencesIn(parseExpression(text)).map((path) => path.join('.'))).toEqual([
    'aws_subnet.private',
    'local.azs',
    'count.index',
    'module.net.ok',
  ]);
});

test('what the reader does not know is refused, not guessed', () => {
  expect(() => parseTemplate('%{ if var.enabled }x%{ endif }')).toThrow(SyntaxError);
});
