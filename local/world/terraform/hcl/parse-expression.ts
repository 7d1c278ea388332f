import type { Expression } from './expression';

/**
 * Reads the text of a string as `@cdktf/hcl2json` leaves it: plain text, or text with `${…}`. An expression such as
 * `var.tags` comes as `${var.tags}`.
 * @throws SyntaxError for what this reader does not know (template directives, `%{`); the file itself was accepted by
 * HashiCorp's own parser before.
 */
export function parseTemplate(text: string): Expression {
  const parser = new ExpressionParser(text);
  return unwrap(parser.template((rest) => rest === ''));
}

/** Reads an expression, such as `aws_vpc.this.id`. @throws SyntaxError */
export function parseExpression(text: string): Expression {
  const parser = new ExpressionParser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

function unwrap(parts: readonly (string | Expression)[]): Expression {
  const [first] = parts;
  if (first === undefined) return { kind: 'literal', value: '' };
  if (parts.length > 1) return { kind: 'template', parts };
  return typeof first === 'string' ? { kind: 'literal', value: first } : first;
}

const PRECEDENCE: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const BLANK = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_]*)\n/uy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** A recursive-descent reader without a separate lexer: inside brackets Terraform's newlines mean nothing. */
class ExpressionParser {
  private position = 0;

  constructor(private readonly text: string) {}

  end(): void {
    this.blank();
    if (this.position < this.text.length) this.fail();
  }

  /** Text and interpolations up to where `stop` recognises the rest; the end itself is not consumed. */
  template(stop: (rest: string) => boolean, quoted = false): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    let plain = '';
    while (!stop(this.text.slice(this.position))) {
      if (this.position >= this.text.length || this.at('%{')) this.fail();
      if (this.take('$${') || this.take('%%{')) {
        plain += `${this.text[this.position - 2]}{`;
      } else if (this.take('${')) {
        this.take('~');
        if (plain !== '') parts.push(plain);
        plain = '';
        parts.push(this.expression());
        this.token('~');
        this.expect('}');
      } else if (quoted && this.take('\\')) {
        plain += this.escape();
      } else {
        plain += this.text[this.position++];
      }
    }
    if (plain !== '') parts.push(plain);
    return parts;
  }

  expression(): Expression {
    const condition = this.binary(0);
    if (!this.token('?')) return condition;
    const whenTrue = this.expression();
    this.expect(':');
    return { kind: 'conditional', condition, whenTrue, whenFalse: this.expression() };
  }

  private binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      this.blank();
      const operator = operators.find((one) => this.at(one));
      if (operator === undefined) return left;
      this.position += operator.length;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private unary(): Expression {
    if (this.token('!')) return { kind: 'unary', operator: '!', operand: this.unary() };
    if (this.token('-')) return { kind: 'unary', operator: '-', operand: this.unary() };
    return this.steps(this.primary());
  }

  /** What follows a value: `.name`, `.0`, `[key]`, `[*]`, `.*`. */
  private steps(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.take('[*]') || this.take('.*')) {
        return { kind: 'splat', of: value, each: this.steps({ kind: 'element' }) };
      }
      if (this.at('...')) return value;
      if (this.take('.')) {
        const index = this.match(NUMBER);
        value =
          index === undefined
            ? { kind: 'attribute', of: value, name: this.match(NAME) ?? this.fail() }
            : { kind: 'index', of: value, key: { kind: 'literal', value: Number(index) } };
      } else if (this.take('[')) {
        value = { kind: 'index', of: value, key: this.expression() };
        this.expect(']');
      } else {
        return value;
      }
    }
  }

  private primary(): Expression {
    this.blank();
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    if (this.take('"')) {
      const parts = this.template((rest) => rest.startsWith('"'), true);
      this.position += 1;
      return unwrap(parts);
    }
    if (this.take('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.take('[')) return this.bracket(']');
    if (this.take('{')) return this.bracket('}');
    const heredoc = this.heredoc();
    return heredoc ?? this.nameOrCall();
  }

  private nameOrCall(): Expression {
    const name = this.match(NAME) ?? this.fail();
    if (this.take('(')) return this.call(name);
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    return name === 'null' ? { kind: 'literal', value: null } : { kind: 'name', name };
  }

  private call(name: string): Expression {
    const given: Expression[] = [];
    let spread = false;
    while (!this.token(')')) {
      given.push(this.expression());
      if (this.token('...')) spread = true;
      if (!this.token(',')) {
        this.expect(')');
        break;
      }
    }
    return { kind: 'call', name, arguments: given, spread };
  }

  private bracket(close: ']' | '}'): Expression {
    this.blank();
    if (/^for\s/.test(this.text.slice(this.position, this.position + 4))) {
      this.position += 3;
      return this.forExpression(close);
    }
    return close === ']' ? this.tuple() : this.object();
  }

  private tuple(): Expression {
    const items: Expression[] = [];
    while (!this.token(']')) {
      items.push(this.expression());
      this.token(',');
    }
    return { kind: 'tuple', items };
  }

  private object(): Expression {
    const items: (readonly [Expression, Expression])[] = [];
    while (!this.token('}')) {
      const key = this.objectKey();
      if (!this.token('=')) this.expect(':');
      items.push([key, this.expression()]);
      this.token(',');
    }
    return { kind: 'object', items };
  }

  /** A bare word is a key by its own name; in parentheses it is a reference. */
  private objectKey(): Expression {
    this.blank();
    const start = this.position;
    const name = this.match(NAME);
    this.blank();
    if (name !== undefined && (this.at('=') || this.at(':'))) return { kind: 'literal', value: name };
    this.position = start;
    return this.steps(this.primary());
  }

  private forExpression(close: ']' | '}'): Expression {
    const first = this.word();
    const second = this.token(',') ? this.word() : undefined;
    this.expect('in');
    const of = this.expression();
    this.expect(':');
    const left = this.expression();
    const right = close === '}' ? (this.expect('=>'), this.expression()) : undefined;
    const grouped = this.token('...');
    const condition = this.token('if') ? this.expression() : undefined;
    this.expect(close);
    return {
      kind: 'for',
      ...(second === undefined ? {} : { keyName: first }),
      valueName: second ?? first,
      of,
      ...(right ? { key: left } : {}),
      value: right ?? left,
      ...(condition ? { condition } : {}),
      grouped,
    };
  }

  private heredoc(): Expression | undefined {
    HEREDOC.lastIndex = this.position;
    const start = HEREDOC.exec(this.text);
    if (!start) return undefined;
    this.position = HEREDOC.lastIndex;
    const end = new RegExp(`^[ \\t]*${start[2]}(?![\\p{L}\\p{N}_])`, 'u');
    const parts = this.template((rest) => this.text[this.position - 1] === '\n' && end.test(rest));
    this.position += end.exec(this.text.slice(this.position))?.[0].length ?? 0;
    return unwrap(start[1] === '-' ? parts.map((part) => (typeof part === 'string' ? outdent(part) : part)) : parts);
  }

  private escape(): string {
    const letter = this.text[this.position++] ?? this.fail();
    if (letter !== 'u' && letter !== 'U') return ESCAPES[letter] ?? letter;
    const digits = this.text.slice(this.position, this.position + (letter === 'u' ? 4 : 8));
    this.position += digits.length;
    return String.fromCodePoint(Number.parseInt(digits, 16));
  }

  private word(): string {
    this.blank();
    return this.match(NAME) ?? this.fail();
  }

  private blank(): void {
    this.match(BLANK);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.position += found.length;
    return found;
  }

  private at(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  private take(token: string): boolean {
    if (!this.at(token)) return false;
    this.position += token.length;
    return true;
  }

  private token(token: string): boolean {
    this.blank();
    return this.take(token);
  }

  private expect(token: string): void {
    if (!this.token(token)) this.fail();
  }

  private fail(): never {
    throw new SyntaxError(`cannot read the expression "${this.text}" at character ${this.position + 1}`);
  }
}

function outdent(text: string): string {
  return text.replaceAll(/^[ \t]+/gm, '');
}
