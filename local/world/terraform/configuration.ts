import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { failure, sourceOf, TerraformError } from './diagnostics';
import type { Diagnostic } from './diagnostics';

/** Arguments and nested blocks as JSON: strings may hold `${…}`, nested blocks are arrays of bodies. */
export type Body = Readonly<Record<string, unknown>>;

export interface ResourceBlock {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

export interface ProviderBlock {
  readonly name: string;
  readonly alias?: string;
  readonly body: Body;
}

/** What stands in one directory of Terraform files, overrides merged in. */
export interface Configuration {
  readonly directory: string;
  /** Text of each file by name, to point at places in it. */
  readonly sources: ReadonlyMap<string, string>;
  readonly requiredVersions: readonly string[];
  readonly backend?: { readonly type: string; readonly body: Body };
  readonly variables: Readonly<Record<string, Body>>;
  readonly locals: Body;
  readonly outputs: Readonly<Record<string, Body>>;
  readonly resources: readonly ResourceBlock[];
  readonly providers: readonly ProviderBlock[];
  readonly modules: Readonly<Record<string, Body>>;
}

/** A file as `@cdktf/hcl2json` gives it and as `*.tf.json` files are written. */
type FileContent = Readonly<Record<string, unknown>>;

/**
 * Reads a directory as Terraform does: `*.tf` and `*.tf.json`, then the override files (`override.tf`,
 * `*_override.tf`, and their JSON forms), whose blocks replace argument by argument.
 * @throws TerraformError with a diagnostic for every file that cannot be parsed and every block that stands twice.
 */
export async function readConfiguration(directory: string): Promise<Configuration> {
  const files = existsSync(directory) ? readdirSync(directory).filter((file) => /\.tf(?:\.json)?$/.test(file)) : [];
  const sources = new Map(files.toSorted().map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
  const contents = new Map<string, FileContent>();
  const diagnostics: Diagnostic[] = [];
  for (const [file, text] of sources) {
    try {
      contents.set(file, await parseFile(file, text));
    } catch (error) {
      diagnostics.push(
        ...(error instanceof TerraformError ? error.diagnostics : [failure('Invalid file', String(error))]),
      );
    }
  }
  if (diagnostics.length > 0) throw new TerraformError(diagnostics);
  const builder = new ConfigurationBuilder(sources);
  for (const override of [false, true]) {
    for (const [file, content] of contents) {
      if (isOverride(file) === override) builder.add(file, content, override);
    }
  }
  return builder.build(directory);
}

function isOverride(file: string): boolean {
  return /(?:^|_)override\.tf(?:\.json)?$/.test(file);
}

/** Parsed files by their text: the same repository is read by every drill and by several commands of each. */
const parsed = new Map<string, FileContent>();

async function parseFile(file: string, text: string): Promise<FileContent> {
  const key = `${file}\n${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const content = file.endsWith('.json') ? parseJson(file, text) : await parseHcl(file, text);
  parsed.set(key, content);
  return content;
}

function parseJson(file: string, text: string): FileContent {
  try {
    return JSON.parse(text) as FileContent;
  } catch (error) {
    throw new TerraformError([failure('Invalid JSON', `${file}: ${(error as Error).message}.`)]);
  }
}

async function parseHcl(file: string, text: string): Promise<FileContent> {
  try {
    return (await parse(file, text)) as FileContent;
  } catch (error) {
    throw new TerraformError(syntaxDiagnostics(file, text, (error as Error).message));
  }
}

/**
 * Diagnostics from the parser's message, which runs them together:
 * `parse config: [main.tf:2,16-3,1: Invalid expression; Expected the start … main.tf:9,1-2: …; …]`.
 */
function syntaxDiagnostics(file: string, text: string, message: string): readonly Diagnostic[] {
  const name = file.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(
    `${name}:(\\d+),(\\d+)-(?:(\\d+),)?(\\d+): ([^;]*); (.*?)(?= ${name}:\\d+,\\d+-[\\d,]+: |\\]$)`,
    'gs',
  );
  const found = Array.from(
    message.matchAll(pattern),
    ([, line, column, endLine, endColumn, summary = '', detail = '']) =>
      failure(
        summary,
        detail,
        sourceOf(
          file,
          text,
          { line: Number(line), column: Number(column) },
          { line: Number(endLine ?? line), column: Number(endColumn) },
        ),
      ),
  );
  return found.length > 0 ? found : [failure('Invalid file', message)];
}

/** Collects the blocks of all files. */
class ConfigurationBuilder {
  private readonly requiredVersions: string[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly named = { variable: {}, output: {}, module: {} } as Record<
    'variable' | 'output' | 'module',
    Record<string, Body>
  >;
  private readonly resources = new Map<string, ResourceBlock & { readonly file: string }>();
  private readonly providers = new Map<string, ProviderBlock>();
  private locals: Body = {};
  private backend: { type: string; body: Body } | undefined;

  constructor(private readonly sources: ReadonlyMap<string, string>) {}

  add(file: string, content: FileContent, override: boolean): void {
    for (const body of blocks(content['terraform'])) this.addTerraform(body);
    for (const body of blocks(content['locals'])) this.locals = { ...this.locals, ...body };
    for (const [name, value] of entries(content['provider'])) {
      for (const body of blocks(value)) this.addProvider(name, body);
    }
    for (const kind of ['variable', 'output', 'module'] as const) {
      for (const [name, value] of entries(content[kind])) {
        for (const body of blocks(value)) this.named[kind][name] = { ...this.named[kind][name], ...body };
      }
    }
    for (const mode of ['managed', 'data'] as const) this.addResources(file, mode, content, override);
  }

  build(directory: string): Configuration {
    if (this.diagnostics.length > 0) throw new TerraformError(this.diagnostics);
    return {
      directory,
      sources: this.sources,
      requiredVersions: this.requiredVersions,
      ...(this.backend ? { backend: this.backend } : {}),
      variables: this.named.variable,
      locals: this.locals,
      outputs: this.named.output,
      resources: [...this.resources.values()],
      providers: [...this.providers.values()],
      modules: this.named.module,
    };
  }

  private addTerraform(body: Body): void {
    const { required_version: version } = body;
    if (typeof version === 'string') this.requiredVersions.push(version);
    for (const [type, value] of blocks(body['backend']).flatMap(entries)) {
      this.backend = { type, body: blocks(value)[0] ?? {} };
    }
  }

  private addProvider(name: string, body: Body): void {
    const { alias } = body;
    const key = typeof alias === 'string' ? `${name}.${alias}` : name;
    const merged = { ...this.providers.get(key)?.body, ...body };
    this.providers.set(key, { name, ...(typeof alias === 'string' ? { alias } : {}), body: merged });
  }

  private addResources(file: string, mode: 'managed' | 'data', content: FileContent, override: boolean): void {
    for (const [type, byName] of entries(content[mode === 'managed' ? 'resource' : 'data'])) {
      for (const [name, value] of entries(byName)) {
        const bodies = blocks(value);
        const key = `${mode}.${type}.${name}`;
        const before = this.resources.get(key);
        if ((before && !override) || bodies.length > 1) this.duplicate(file, before?.file ?? file, type, name);
        const body = Object.assign({}, before?.body, ...bodies) as Body;
        this.resources.set(key, { mode, type, name, body, file });
      }
    }
  }

  private duplicate(file: string, firstFile: string, type: string, name: string): void {
    const header = new RegExp(`^[ \\t]*(?:resource|data)[ \\t]+"${type}"[ \\t]+"${name}"`, 'gm');
    const places = [...(this.sources.get(file) ?? '').matchAll(header)].map((found) => found.index);
    const source = findSource(new Map([[file, this.sources.get(file) ?? '']]), header, places.length - 1);
    const first = findSource(new Map([[firstFile, this.sources.get(firstFile) ?? '']]), header)?.range;
    const at = first ? ` at ${firstFile}:${first.start.line},${first.start.column}-${first.end.column}` : '';
    this.diagnostics.push(
      failure(
        `Duplicate resource "${type}" configuration`,
        `A ${type} resource named "${name}" was already declared${at}. Resource names must be unique per type in each module.`,
        source && { ...source, snippet: { ...source.snippet, context: null } },
      ),
    );
  }
}

/**
 * Where a pattern is first (or `nth`, from 0) found in the files, as range and snippet. The parser gives no places of
 * blocks and references, so they are looked up in the text.
 */
export function findSource(
  sources: ReadonlyMap<string, string>,
  pattern: RegExp,
  nth = 0,
): ReturnType<typeof sourceOf> | undefined {
  const global = new RegExp(pattern.source, 'gm');
  for (const [file, text] of sources) {
    const found = [...text.matchAll(global)][nth];
    if (!found) continue;
    const indent = /^\s*/.exec(found[0])?.[0].length ?? 0;
    const before = text.slice(0, found.index + indent);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return sourceOf(file, text, { line, column }, { line, column: column + found[0].length - indent });
  }
  return undefined;
}

/** The bodies of a block that may stand once or several times. */
export function blocks(value: unknown): readonly Body[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((body): body is Body => typeof body === 'object' && body !== null);
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return blocks(value).flatMap((body) => Object.entries(body));
}
