import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { BUILDS, type BuildName } from '../domain/names';
import { ROOT } from '../root';
import { LAMBDAS, type LambdaName } from './entries';

/** Files of `buildspecs/` that every build's source holds beside its step. */
const TOOL_FILES = ['install-tools.sh', 'tool-checksums.txt'] as const;

/** Where the deployable folder of each Lambda and build lies. */
export interface CodeFolders {
  lambda(name: LambdaName): string;
  build(name: BuildName): string;
}

/**
 * The folders as they stand in the repository, unbundled: enough for a template that is read and not deployed
 * (tests, the local drill's state machines), and free.
 */
export const sourceFolders: CodeFolders = {
  lambda: (name) => join(ROOT, 'lambdas', name),
  build: (name) => join(ROOT, 'buildspecs', name),
};

/** Bundles every Lambda and every step into `directory`. */
export async function bundle(directory: string): Promise<CodeFolders> {
  await bundleLambdas(directory);
  return { lambda: (name) => join(directory, 'lambdas', name), ...(await bundleSteps(directory)) };
}

/**
 * One esbuild call for all Lambdas (`NodejsFunction` would start one process each). The SDK comes with the runtime and
 * stays outside: the bundles are a tenth of the size. CommonJS, as `require` of the SDK's own CommonJS build loads
 * faster than its ES modules do.
 */
async function bundleLambdas(directory: string): Promise<void> {
  const names = Object.keys(LAMBDAS) as LambdaName[];
  await build({
    ...SHARED,
    entryPoints: names.map((name) => ({ in: join(ROOT, 'lambdas', name, 'handler.ts'), out: `${name}/index` })),
    outdir: join(directory, 'lambdas'),
    target: 'node24',
    external: ['@aws-sdk/*'],
    sourcemap: true,
    sourcesContent: false,
  });
}

/**
 * The steps and the tools' installer beside each. All five are bundled as one text, because parsing is nearly all the
 * work and they share it; each build's file is that text with a last line that runs its own step.
 * @param sdk `inside`, as a build's image has none; `outside` is for who has it on NODE_PATH, and ten times as fast.
 * @returns the folder of each build.
 */
export async function bundleSteps(
  directory: string,
  sdk: 'inside' | 'outside' = 'inside',
): Promise<Pick<CodeFolders, 'build'>> {
  const outdir = join(directory, 'builds');
  const { outputFiles } = await build({
    ...SHARED,
    stdin: { contents: BUILDS.map(importOf).join('\n'), resolveDir: join(ROOT, 'buildspecs'), loader: 'ts' },
    // A step runs itself when it is the main module; here all of them would be.
    define: { 'require.main': 'undefined' },
    // Node 20 is the oldest that the package runs on; CodeBuild's image and the local drill have it or a newer one.
    target: 'node20',
    write: false,
    external: sdk === 'outside' ? ['@aws-sdk/*'] : [],
  });
  for (const name of BUILDS) {
    mkdirSync(join(outdir, name), { recursive: true });
    writeFileSync(
      join(outdir, name, 'step.cjs'),
      `${outputFiles[0]!.text}void module.exports.${stepOf(name)}.main();\n`,
    );
    for (const file of TOOL_FILES) copyFileSync(join(ROOT, 'buildspecs', file), join(outdir, name, file));
  }
  return { build: (name) => join(outdir, name) };
}

function importOf(name: BuildName): string {
  return `export { ${stepOf(name)} } from './${name}/step';`;
}

/** A step's export is named like its folder: `drain-cluster` exports `drainCluster`. */
function stepOf(name: BuildName): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const SHARED = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  minify: true,
  // Packages that ship both forms are tree-shaken from their ES modules.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
} as const satisfies BuildOptions;
