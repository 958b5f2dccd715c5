import { RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { readFileSync } from 'node:fs';
import { REQUIRED_SCOPES, SCOPES, type Scope } from '../src/platform/http/caller.js';
import { appWithoutDatabase } from './harness/app-without-database.js';

const PAGE = readFileSync(new URL('../docs/scopes.md', import.meta.url), 'utf8');

describe('docs/scopes.md', () => {
  it('has each route with the scopes that the code asks for', async () => {
    const app = await appWithoutDatabase();
    const routes = [...app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOf(metatype as Type<object>) : []))
      .sort((a, b) => (`${a.path} ${a.verb}` < `${b.path} ${b.verb}` ? -1 : 1));
    expect(routes.length).toBeGreaterThan(80);
    const rows = routes.map(({ verb, path, scopes }) => {
      const cells = SCOPES.map((scope) => (scopes.includes(scope) ? '•' : ''));
      return [`\`${verb} ${path}\``, ...cells].join(' | ');
    });
    expect(rowsOf(PAGE).filter((row) => row.startsWith('`'))).toEqual(rows);
    expect(rowsOf(PAGE)).toContain(['route', ...SCOPES].join(' | '));
  });
});

/** The rows of a page's tables, without the outer strokes and the blanks that align them. */
function rowsOf(page: string): readonly string[] {
  const lines = page.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(' | '),
  );
}

interface Route {
  readonly verb: string;
  readonly path: string;
  readonly scopes: readonly Scope[];
}

/** The routes of a controller that ask for a key. */
function routesOf(controller: Type<object>): readonly Route[] {
  const prefix = Reflect.getMetadata('path', controller) as string;
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    if (name === 'constructor') return [];
    const handler = prototype[name] as object;
    const path = Reflect.getMetadata('path', handler) as string | undefined;
    const scopes = [handler, controller].map(
      (on) => Reflect.getMetadata(REQUIRED_SCOPES, on) as Scope[] | undefined,
    );
    const required = scopes.find((each) => each !== undefined);
    if (path === undefined || !required) return [];
    const verb = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
    const whole = `/${prefix}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
    const shown = whole
      .replace('::', '\u0000')
      .replace(/:(\w+)/g, '{$1}')
      .replace('\u0000', ':');
    return [{ verb, path: shown, scopes: required }];
  });
}
