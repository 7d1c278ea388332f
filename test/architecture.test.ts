import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { sourceFiles, type SourceFile } from './support/source-files';

const ROOT = join(__dirname, '..');

/** Which other top-level folder, or kind of package, the files of a folder may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  bin: ['lib', 'cli', 'domain', 'cdk', 'other'],
  lib: ['root', 'domain', 'cdk', 'other'],
  domain: ['other'],
  adapters: ['domain', 'sdk', 'other'],
  lambdas: ['domain', 'adapters', 'other'],
  buildspecs: ['domain', 'adapters', 'other'],
  cli: ['domain', 'adapters', 'local', 'other'],
  local: ['root', 'domain', 'adapters', 'lambdas', 'buildspecs', 'lib', 'cli', 'sdk', 'other'],
  bench: ['root', 'domain', 'adapters', 'lambdas', 'buildspecs', 'lib', 'cli', 'local', 'sdk', 'cdk', 'other'],
};

/** Node's own modules that `domain/` may use: hashing depends on nothing, nor do POSIX paths. */
const PURE_IMPORTS = /^import \{ (createHash|posix) \} from 'node:(crypto|path)';$/;

/** The one contract that crosses from the code that runs to the construct that deploys it. */
const ENVIRONMENT = /^(lambdas|buildspecs)\/[\w-]+\/environment$/;

const files = sourceFiles(Object.keys(MAY_IMPORT), '.ts').filter(({ path }) => !path.endsWith('.d.ts'));

interface Import {
  readonly from: string;
  /** A path from the root for own files, otherwise the package. */
  readonly target: string;
  readonly own: boolean;
  /** Whether the importing file cannot be loaded without it: neither a type only nor asked for when it is needed. */
  readonly atOnce: boolean;
}

const IMPORT = /^\s*(?:import|export)\s(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|\b(?:import|require)\('([^']+)'\)/gms;

function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(IMPORT)].map(([, type, named, lazy]) => {
    const specifier = named ?? lazy!;
    const own = specifier.startsWith('.');
    const target = own ? normalize(join(dirname(path), specifier)).replaceAll('\\', '/') : specifier;
    return { from: path, target, own, atOnce: lazy === undefined && type === undefined };
  });
}

function kindOf(name: string): string {
  if (/^aws-cdk-lib|^constructs$|^cdk-nag$/.test(name)) return 'cdk';
  return /^@aws-sdk\/|^@smithy\//.test(name) ? 'sdk' : 'other';
}

function isAllowed({ from, target, own }: Import): boolean {
  const folder = from.split('/')[0]!;
  const allowed = MAY_IMPORT[folder]!;
  if (!own) return allowed.includes(kindOf(target));
  const other = target.split('/')[0]!;
  return other === folder || allowed.includes(other) || (folder === 'lib' && ENVIRONMENT.test(target));
}

const imports = files.flatMap(importsOf);
const written = ({ from, target }: Import): string => `${from} imports ${target}`;

test('folders import only what the layout allows', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter((each) => !isAllowed(each)).map(written)).toEqual([]);
});

test('only root.ts says where the package lies, as a bundle has one folder for all of its modules', () => {
  expect(files.filter(({ text }) => /\b__(dir|file)name\b/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('domain/ reads no process, clock, file or chance of its own', () => {
  const modules = files
    .filter(({ path }) => path.startsWith('domain/'))
    .flatMap(({ path, text }) => (text.match(/^import .*'node:.*$/gm) ?? []).map((line) => ({ path, line })))
    .filter(({ line }) => !PURE_IMPORTS.test(line));
  expect(modules).toEqual([]);
  const impure =
    /\bprocess\.(env|cwd|exit|argv|std)|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\.(log|error)\(/;
  expect(
    files.filter(({ path, text }) => path.startsWith('domain/') && impure.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('time comes from a Clock in everything that runs in a drill', () => {
  const rooms = /^(adapters|lambdas|buildspecs)\//;
  const own = /\bDate\.now\(|\bnew Date\(\)|(?<!\w)setInterval\(/;
  const offenders = files
    .filter(({ path, text }) => rooms.test(path) && path !== 'adapters/system-clock.ts' && own.test(text))
    .map(({ path }) => path);
  expect(offenders).toEqual([]);
});

test('nothing of the product knows that it may be rehearsed', () => {
  const product = imports.filter(({ from }) => /^(bin\/app|lib|domain|adapters|lambdas|buildspecs)\b/.test(from));
  expect(product.filter(({ own, target }) => own && /^(local|test|bench)\//.test(target)).map(written)).toEqual([]);
});

test('the command line loads the local drill only for a command that needs it', () => {
  const ofCommands = imports.filter(({ from }) => from.startsWith('cli/') && !from.startsWith('cli/simulat'));
  const early = ofCommands.filter(({ target, atOnce }) => target.startsWith('local/') && atOnce);
  // The help lists the scenarios, which are a table.
  expect(early.map(written)).toEqual(['cli/program.ts imports local/scenarios']);
  expect(imports.filter(({ from, atOnce }) => from === 'local/scenarios.ts' && atOnce)).toEqual([]);
});

test('every folder of lambdas/ and buildspecs/ is a verb and a noun with its environment and entry', () => {
  const entries = [
    ['lambdas', 'handler.ts'],
    ['buildspecs', 'step.ts'],
  ] as const;
  for (const [folder, entry] of entries) {
    const rooms = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((room) => room.isDirectory());
    for (const { name } of rooms) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect({
        name,
        missing: ['environment.ts', entry].filter((file) => !existsSync(join(ROOT, folder, name, file))),
      }).toEqual({ name, missing: [] });
    }
  }
});

test('no file is called by what it is used for everywhere', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc|shared)(\.|\/|-)/;
  expect(files.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
});

test('no phase is numbered', () => {
  const numbered = /\b(phase|step|stage) ?#?[0-9]\b/i;
  expect(files.filter(({ text }) => numbered.test(text)).map(({ path }) => path)).toEqual([]);
});

/** Beyond about 400 lines a file has more than one subject; tables of cases in tests run longer. */
test.each([
  ['the product', files, 450],
  ['the tests', sourceFiles(['test'], '.ts'), 600],
])('no file of %s is too long to have one subject', (_rooms, some, longest) => {
  expect(some.filter(({ text }) => text.split('\n').length > longest).map(({ path }) => path)).toEqual([]);
});

test('links in the documents lead somewhere', () => {
  const atRoot = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const documents = [
    ...sourceFiles(['docs', 'examples'], '.md'),
    ...atRoot.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  ];
  const dead = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !existsSync(join(ROOT, dirname(path), link)))
      .map((link) => `${path} links to ${link}`),
  );
  expect(dead).toEqual([]);
});

test('documents that comments name exist', () => {
  const dead = files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<!'s )\bdocs\/[\w/-]+\.md\b/g)]
      .map(([name]) => name)
      .filter((name) => !existsSync(join(ROOT, name)))
      .map((name) => `${path} names ${name}`),
  );
  expect(dead).toEqual([]);
});
