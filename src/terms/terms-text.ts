import type { Wording } from '../kernel/wording.js';
import type { Terms } from './terms.js';

/** The terms as Markdown: a heading for each section, a point for each sentence. */
export function termsMarkdown({ title, sections }: Terms, language: keyof Wording): string {
  const parts = sections.map(({ heading, sentences }) =>
    [`## ${heading[language]}`, '', ...sentences.map(({ text }) => `- ${escaped(text[language])}`)].join(
      '\n',
    ),
  );
  return `${[`# ${escaped(title[language])}`, ...parts].join('\n\n')}\n`;
}

/** The same as plain text. */
export function termsText({ title, sections }: Terms, language: keyof Wording): string {
  const parts = sections.map(({ heading, sentences }) =>
    [heading[language], ...sentences.map(({ text }) => `· ${text[language]}`)].join('\n'),
  );
  return `${[title[language], ...parts].join('\n\n')}\n`;
}

/** Names are the programme's own and may hold what Markdown reads as its own. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&');
}
