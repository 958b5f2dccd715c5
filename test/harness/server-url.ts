/** The variable by which the global set-up tells the workers where the test server is. */
export const SERVER_URL_VARIABLE = 'LAUREL_TEST_SERVER_URL';

/** The same for the application's user, who cannot rewrite history. */
export const APPLICATION_URL_VARIABLE = 'LAUREL_TEST_APPLICATION_URL';

/** The migrated database that every test database is a copy of. No test may connect to it. */
export const TEMPLATE_DATABASE = 'laurel_template';

export function urlOfDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
