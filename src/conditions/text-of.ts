import type { ASTNode } from '@marcbachmann/cel-js';

/** How tightly operators bind, as the grammar of CEL has it; all that is not here binds tightest. */
const BINDING: Readonly<Record<string, number>> = {
  '?:': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  in: 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '!_': 8,
  '-_': 8,
};
const TIGHTEST = 9;

/**
 * A part of a condition as a text of its own, which reads as the part does. Literals stay as they were written, and
 * brackets stand only where the grammar needs them, so a part is nested no deeper than the condition. (The library's
 * own `serialize` writes `a - (b - c)` without the brackets.)
 * @param source the text that the node was read from.
 */
export function textOf(node: ASTNode, source: string): string {
  const bound = (child: ASTNode, least: number): string => {
    const text = textOf(child, source);
    return bindingOf(child) < least ? `(${text})` : text;
  };
  const listed = (nodes: readonly ASTNode[]): string => nodes.map((each) => textOf(each, source)).join(', ');
  switch (node.op) {
    case 'value':
      return source.slice(node.start, node.end);
    case 'id':
      return node.args;
    case '.':
      return `${bound(node.args[0], TIGHTEST)}.${node.args[1]}`;
    case 'call':
      return `${node.args[0]}(${listed(node.args[1])})`;
    case 'rcall':
      return `${bound(node.args[1], TIGHTEST)}.${node.args[0]}(${listed(node.args[2])})`;
    case 'list':
      return `[${listed(node.args)}]`;
    case '!_':
    case '-_':
      return `${node.op.charAt(0)}${bound(node.args, bindingOf(node))}`;
    case '?:': {
      const [asked, met, unmet] = node.args;
      return `${bound(asked, 2)} ? ${bound(met, 2)} : ${textOf(unmet, source)}`;
    }
    default: {
      const [left, right] = node.args as readonly [ASTNode, ASTNode];
      const own = bindingOf(node);
      return `${bound(left, own)} ${node.op} ${bound(right, own + 1)}`;
    }
  }
}

function bindingOf({ op }: ASTNode): number {
  return BINDING[op] ?? TIGHTEST;
}
