import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { LINE_SCHEMA } from '../../src/platform/http/answers.js';
import { isLocalDate, parseInstant } from '../../src/kernel/time.js';
import type { Answer } from './answer.js';

type Json = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema: Json }>>;

/** An operation of the document, as far as exchanges are checked against it. */
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Json }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** What was sent: a text or nothing. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly type?: string | null;
}

const PROBLEM = 'application/problem+json';
const DOCUMENT = 'openapi';

/** The API's document as a contract that each exchange is held to. */
export class AnswerContract {
  private readonly ajv = new Ajv2020({ strict: false, formats: { uri: true } });
  private readonly operations: readonly {
    readonly pattern: RegExp;
    readonly item: Json;
    readonly path: string;
  }[];
  /** Operations that did what they were asked for, as documented. */
  readonly answered = new Set<string>();
  private readonly compiled = new Map<object, ValidateFunction>();

  constructor(document: { readonly paths: object }) {
    this.ajv.addFormat('date-time', (text: string) => parseInstant(text) !== null);
    this.ajv.addFormat('date', isLocalDate);
    this.ajv.addSchema(document, DOCUMENT);
    this.operations = Object.entries(document.paths as Record<string, Json>).map(([path, item]) => ({
      path,
      item,
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  }

  /**
   * What of an exchange the document does not have: an answer that it does not describe, or a request that was taken
   * although the document refuses it.
   * @returns null where all is as documented.
   */
  breach(sent: Sent, answer: Answer): string | null {
    const [address = '', search = ''] = sent.path.split('?');
    // A path without parameters is meant before one with a parameter in its place (OpenAPI 3.1, Paths Object).
    const fits = this.operations.filter(({ pattern }) => pattern.test(address));
    const found = fits.find(({ path }) => path === address) ?? fits[0];
    const operation = found?.item[sent.method.toLowerCase()] as Operation | undefined;
    const said = `${sent.method} ${found?.path ?? address} ${answer.status}`;
    // What is no operation is refused, and its refusal is a problem like any other.
    const faults = operation
      ? [
          this.ofAnswer(operation, answer),
          answer.status < 300 ? this.ofRequest(operation, sent, search) : null,
        ]
      : [answer.status < 400 ? 'is no operation of the document' : this.ofProblem(answer)];
    const fault = faults.find((one) => one !== null);
    if (operation && !fault && answer.status < 300) this.answered.add(`${sent.method} ${found?.path}`);
    return fault ? `${said}: ${fault}` : null;
  }

  private ofAnswer({ responses }: Operation, answer: Answer): string | null {
    const response = responses[answer.status];
    if (!response) return answer.status < 400 ? 'the status is not documented' : this.ofProblem(answer);
    const type = mediaType(answer.headers.get('content-type'));
    if (!response.content) return answer.text === '' ? null : 'a body is not documented';
    const described = response.content[type ?? ''];
    if (!described) return `the media type ${type ?? 'of nothing'} is not documented`;
    const line = described.schema[LINE_SCHEMA] as Json | undefined;
    if (!line) return this.mismatch(described.schema, answer.body);
    const lines = answer.text.split('\n').filter((text) => text !== '');
    return lines.map((text) => this.mismatch(line, JSON.parse(text))).find((one) => one !== null) ?? null;
  }

  private ofProblem(answer: Answer): string | null {
    const type = mediaType(answer.headers.get('content-type'));
    if (type !== PROBLEM) return `a refusal is ${type ?? 'nothing'} instead of ${PROBLEM}`;
    return this.mismatch({ $ref: '#/components/schemas/Problem' }, answer.body);
  }

  private ofRequest({ parameters, requestBody }: Operation, sent: Sent, search: string): string | null {
    for (const [name, value] of new URLSearchParams(search)) {
      const parameter = parameters.find((one) => one.in === 'query' && one.name === name);
      if (!parameter) return `the parameter ${name} is not documented`;
      const fault = this.mismatch(parameter.schema, parameterOf(parameter.schema, value));
      if (fault) return `the parameter ${name} was taken, but ${fault}`;
    }
    if (sent.body === undefined || sent.body === '')
      return requestBody?.required ? 'a body is required, but was not' : null;
    const described = requestBody?.content[mediaType(sent.type ?? null) ?? ''];
    // What takes no body reads none.
    if (!described || described.schema['type'] === 'string') return null;
    const fault = this.mismatch(described.schema, JSON.parse(sent.body));
    return fault && `the body was taken, but ${fault}`;
  }

  private mismatch(schema: Json, value: unknown): string | null {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(withinDocument(schema));
    this.compiled.set(schema, validate);
    if (validate(value)) return null;
    return (validate.errors ?? [])
      .map(
        ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
      )
      .join('; ');
  }
}

/** The contract that clients of this file's engines are held to; null before the first engine starts. */
let contract: AnswerContract | null = null;

/** From now on every exchange of every client is held to what the first engine's document says. */
export function holdTo(document: () => { readonly paths: object }): void {
  contract ??= new AnswerContract(document());
}

/** @throws Error naming the operation, the place and the mismatch. */
export function checkExchange(sent: Sent, answer: Answer): void {
  const breach = contract?.breach(sent, answer) ?? null;
  if (breach !== null) throw new Error(`not as documented: ${breach}`);
}

/** Operations of which a good answer was seen in this file. */
export function answeredOperations(): readonly string[] {
  return [...(contract?.answered ?? [])];
}

/** References of a part of the document lead into the document. */
function withinDocument(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`)) as Json;
}

function mediaType(header: string | null): string | null {
  return header?.split(';')[0]?.trim() ?? null;
}

/** A parameter is a text; what it stands for depends on its schema. */
function parameterOf(schema: Json, text: string): unknown {
  if (schema['type'] === 'integer') return Number(text);
  if (schema['type'] === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return schema['type'] === 'array' ? text.split(',') : text;
}
