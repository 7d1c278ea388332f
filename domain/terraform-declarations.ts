export interface TerraformVariable {
  /** The file that declares it. */
  readonly file: string;
  readonly hasDefault: boolean;
  /** Its default where that is a plain string. */
  readonly defaultText: string | undefined;
}

/** What the Terraform files of one directory declare, as far as the drill's contract goes. */
export interface TerraformDeclarations {
  readonly variables: ReadonlyMap<string, TerraformVariable>;
  readonly outputs: ReadonlySet<string>;
  /** Whether anything refers to `var.tags`. */
  readonly usesTags: boolean;
  /** Whether a cluster is made here (and not in a module) that lets nobody in by access entries. */
  readonly shutsOut: boolean;
}

/**
 * Reads declarations from the text of a directory's `*.tf` and `*.tf.json` files. This is a light reading, enough to say
 * what is missing before anything is built; Terraform itself judges the language.
 */
export function terraformDeclarations(texts: Readonly<Record<string, string>>): TerraformDeclarations {
  const variables = new Map<string, TerraformVariable>();
  const outputs = new Set<string>();
  let usesTags = false;
  let makesCluster = false;
  let takesEntries = false;
  for (const [file, text] of Object.entries(texts)) {
    const read = file.endsWith('.json') ? jsonBlocks(text) : hclBlocks(text);
    for (const { type, name, ...given } of read) {
      if (type === 'output') outputs.add(name);
      else variables.set(name, { file, ...given });
    }
    const code = withoutComments(text);
    usesTags ||= /\bvar\.tags\b/.test(code);
    makesCluster ||= /"aws_eks_cluster"/.test(code);
    takesEntries ||= /\bauthentication_mode"?\s*[=:]\s*("(API|API_AND_CONFIG_MAP|\$\{[^"]*)"|[a-z])/.test(code);
  }
  return { variables, outputs, usesTags, shutsOut: makesCluster && !takesEntries };
}

interface Block {
  readonly type: string;
  readonly name: string;
  readonly hasDefault: boolean;
  readonly defaultText: string | undefined;
}

function hclBlocks(text: string): Block[] {
  const code = withoutComments(text);
  return [...code.matchAll(/^[ \t]*(variable|output)[ \t]+"?([\w-]+)"?[ \t]*\{/gm)].map((match): Block => {
    const given = /^\s*default\s*=\s*(?:"([^"$]*)")?/m.exec(body(code, match.index + match[0].length));
    return { type: match[1]!, name: match[2]!, hasDefault: given !== null, defaultText: given?.[1] };
  });
}

/** The text of a block from behind its opening brace to the closing one; braces in strings do not count. */
function body(code: string, from: number): string {
  let depth = 1;
  let quoted = false;
  for (let index = from; index < code.length; index += 1) {
    const letter = code[index];
    if (letter === '\\' && quoted) index += 1;
    else if (letter === '"') quoted = !quoted;
    else if (letter === '{' && !quoted) depth += 1;
    else if (letter === '}' && !quoted) depth -= 1;
    if (depth === 0) return code.slice(from, index);
  }
  return code.slice(from);
}

/** Blanks out comments: `#` and `//` to the end of the line, and between the marks of a block comment; strings are kept. */
function withoutComments(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\\n])*"|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : part.replaceAll(/[^\n]/g, ' '),
  );
}

function jsonBlocks(text: string): Block[] {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return [];
  }
  return ['variable', 'output'].flatMap((type) => {
    const named = (root as Record<string, unknown> | null)?.[type];
    if (typeof named !== 'object' || named === null) return [];
    return Object.entries(named as Record<string, { default?: unknown } | null>).map(([name, block]) => ({
      type,
      name,
      hasDefault: block?.default !== undefined,
      defaultText: typeof block?.default === 'string' ? block.default : undefined,
    }));
  });
}
