import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import type { SourceFile } from './source-files';
import { sourceFiles } from './source-files';

/** A piece of code that is reached as a whole: a top-level declaration, or a member of one that is reached by its name. */
interface Unit {
  /** Names that it mentions by themselves. */
  readonly identifiers: Set<string>;
  /** Names that it mentions behind a dot, or takes out of an object. */
  readonly members: Set<string>;
  /** `service:Action` of the SDK's commands that it makes. */
  readonly actions: Set<string>;
}

interface Module {
  readonly tops: Map<string, Unit>;
  /** By the member's name; several objects of a file may have one of that name. */
  readonly members: Map<string, Unit[]>;
  /** Local name to the module that it comes from, and its name there. */
  readonly imports: Map<string, { readonly from: string; readonly name: string }>;
  /** Local names of what comes from an SDK client, with the client's package. */
  readonly sdk: Map<string, string>;
}

/** IAM's names of the services whose clients are called otherwise. */
const SERVICES: Readonly<Record<string, string>> = {
  'client-cloudwatch-logs': 'logs',
  'client-elastic-load-balancing-v2': 'elasticloadbalancing',
  'client-resource-groups-tagging-api': 'tag',
  'client-secrets-manager': 'secretsmanager',
  'client-service-quotas': 'servicequotas',
  'client-sfn': 'states',
  'lib-dynamodb': 'dynamodb',
};

/** Actions that are not called like the command; null for what every principal may do. */
const ACTIONS: Readonly<Record<string, string | null>> = {
  'dynamodb:BatchWrite': 'dynamodb:BatchWriteItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  's3:ListObjectsV2': 's3:ListBucket',
  'sts:GetCallerIdentity': null,
};

const HOST = 'adapters/aws-host.ts';

/**
 * The AWS actions that code may ask for, read off the source: which declarations an entry reaches, which methods of
 * which ports those name, and which commands the adapters of these methods make. Rather too many than too few: where a
 * receiver is not known, every member of that name counts.
 */
export class UsedActions {
  private readonly modules: ReadonlyMap<string, Module>;
  private readonly adapters: ReadonlyMap<string, { readonly file: string; readonly className: string }>;

  constructor() {
    const files = sourceFiles(['adapters', 'buildspecs', 'domain', 'lambdas'], '.ts');
    this.adapters = adaptersOf(files.find(({ path }) => path === HOST)!.text);
    // What names no port hands none on; leaving out most of `domain/` halves the time.
    const namesPort = new RegExp(`\\b(${this.ports.join('|')})\\b`);
    const relevant = files.filter(({ path, text }) => !path.startsWith('domain/') || namesPort.test(text));
    this.modules = new Map(relevant.map((file) => [file.path, moduleOf(file)]));
  }

  /** The ports behind which stands a class of `adapters/`. */
  get ports(): readonly string[] {
    return [...this.adapters.keys()];
  }

  /** Of the Lambda or step that a file exports under a name. */
  of(file: string, name: string): readonly string[] {
    const actions = new Set<string>();
    const calls = new Set<string>();
    for (const unit of this.reach([{ file, name }])) {
      for (const action of unit.actions) actions.add(action);
      for (const port of this.adapters.keys()) {
        if (!unit.identifiers.has(port) && !unit.members.has(port)) continue;
        for (const member of unit.members) calls.add(`${port}.${member}`);
      }
    }
    for (const call of calls) for (const action of this.ofPort(call)) actions.add(action);
    return [...actions].toSorted();
  }

  /** Of one method of a port, such as `inventory.remove`. */
  private ofPort(call: string): Set<string> {
    const [port = '', method = ''] = call.split('.');
    const { className, file } = this.adapters.get(port)!;
    const module = this.modules.get(file)!;
    const begin = module.members.get(method);
    const actions = new Set<string>();
    if (!begin) return actions;
    const closure = this.closureOf(file);
    const seen = new Set<Unit>([module.tops.get(className)!, ...begin]);
    for (const unit of seen) {
      for (const action of unit.actions) actions.add(action);
      for (const { tops, members } of closure) {
        for (const name of unit.identifiers) if (tops.has(name)) seen.add(tops.get(name)!);
        for (const name of unit.members) for (const member of members.get(name) ?? []) seen.add(member);
      }
    }
    return actions;
  }

  /** Units that are reached by name from some declarations, over imports; the host itself is not looked into. */
  private reach(begin: readonly { readonly file: string; readonly name: string }[]): Set<Unit> {
    const units = new Set<Unit>();
    const todo = [...begin];
    const known = new Set<string>();
    for (let next = todo.pop(); next; next = todo.pop()) {
      const { file, name } = next;
      if (known.has(`${file}#${name}`)) continue;
      known.add(`${file}#${name}`);
      const module = this.modules.get(file);
      const unit = module?.tops.get(name);
      if (!module || !unit || file === HOST) continue;
      const inside = [...module.members.values()].flat().filter((member) => owners.get(member) === unit);
      for (const each of [unit, ...inside]) {
        units.add(each);
        for (const identifier of each.identifiers) {
          const imported = module.imports.get(identifier);
          todo.push(imported ? { file: imported.from, name: imported.name } : { file, name: identifier });
        }
      }
    }
    return units;
  }

  /** A file and all that it imports. */
  private closureOf(file: string): readonly Module[] {
    const files = new Set([file]);
    for (const each of files) {
      for (const { from } of this.modules.get(each)?.imports.values() ?? []) files.add(from);
    }
    return [...files].flatMap((each) => this.modules.get(each) ?? []);
  }
}

/** The declaration that a member stands in. */
const owners = new WeakMap<Unit, Unit>();

/** Which class of which file stands behind each port, as the makers in the host's source say. */
function adaptersOf(text: string): Map<string, { readonly file: string; readonly className: string }> {
  const makers = [...text.matchAll(/^ {4}(\w+): \(\) =>((?:(?!^ {4}\w+: ).)*)/gms)];
  const found = makers.flatMap(([, port = '', maker = '']) => {
    const made = /new \(require\('\.\/([\w-]+)'\) as [^)]*\)\)\.(\w+)\(/.exec(maker);
    return made ? [[port, { file: `adapters/${made[1]}.ts`, className: made[2]! }] as const] : [];
  });
  const adapters = new Map(found);
  // One bucket's store, made by `objects`.
  adapters.set('evidence', adapters.get('objects')!);
  return adapters;
}

function moduleOf({ path, text }: SourceFile): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const module: Module = { tops: new Map(), members: new Map(), imports: new Map(), sdk: new Map() };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) readImport(statement, path, module);
  }
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText())
      : 'name' in statement
        ? [(statement.name as ts.Identifier).text]
        : [];
    const unit = newUnit();
    for (const name of names) module.tops.set(name, unit);
    readUnit(statement, unit, module, unit);
  }
  return module;
}

function readImport(statement: ts.ImportDeclaration, path: string, module: Module): void {
  const from = (statement.moduleSpecifier as ts.StringLiteral).text;
  const clause = statement.importClause?.namedBindings;
  if (!clause || !ts.isNamedImports(clause)) return;
  for (const { name, propertyName } of clause.elements) {
    const original = (propertyName ?? name).text;
    if (from.startsWith('@aws-sdk/')) module.sdk.set(name.text, from.slice('@aws-sdk/'.length));
    if (from.startsWith('.')) {
      module.imports.set(name.text, { from: `${join(dirname(path), from)}.ts`, name: original });
    }
  }
}

function newUnit(): Unit {
  return { identifiers: new Set(), members: new Set(), actions: new Set() };
}

/** Reads what a node mentions into its unit; methods and properties become units of their own. */
function readUnit(node: ts.Node, unit: Unit, module: Module, owner: Unit): void {
  if (ts.isTypeNode(node)) return;
  if (isMember(node)) {
    const member = newUnit();
    owners.set(member, owner);
    const name = node.name.getText();
    module.members.set(name, [...(module.members.get(name) ?? []), member]);
    if (ts.isShorthandPropertyAssignment(node)) member.identifiers.add(name);
    else ts.forEachChild(node, (child) => child !== node.name && readUnit(child, member, module, owner));
    return;
  }
  if (ts.isPropertyAccessExpression(node)) unit.members.add(node.name.text);
  if (ts.isBindingElement(node)) unit.members.add((node.propertyName ?? node.name).getText());
  if (ts.isIdentifier(node)) {
    unit.identifiers.add(node.text);
    const action = actionOf(node.text, module);
    if (action !== null) unit.actions.add(action);
  }
  // The classic API of load balancers has no client: its actions are texts.
  const [callee, argument] = ts.isCallExpression(node) ? [node.expression.getText(), node.arguments[0]] : [];
  if (callee === 'this.call' && argument && ts.isStringLiteral(argument)) {
    unit.actions.add(`elasticloadbalancing:${argument.text}`);
  }
  ts.forEachChild(node, (child) => readUnit(child, unit, module, owner));
}

function isMember(
  node: ts.Node,
): node is ts.MethodDeclaration | ts.PropertyAssignment | ts.ShorthandPropertyAssignment {
  if (ts.isMethodDeclaration(node)) return true;
  return (
    ts.isObjectLiteralExpression(node.parent) &&
    (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))
  );
}

/** `ec2:DeleteVolume` of `DeleteVolumeCommand`, `ec2:DescribeVolumes` of `paginateDescribeVolumes`. */
function actionOf(name: string, { sdk }: Module): string | null {
  const client = sdk.get(name);
  const command = /^paginate(\w+)$/.exec(name)?.[1] ?? /^(\w+)Command$/.exec(name)?.[1];
  if (client === undefined || command === undefined) return null;
  const action = `${SERVICES[client] ?? client.replace('client-', '')}:${command}`;
  return action in ACTIONS ? ACTIONS[action]! : action;
}
