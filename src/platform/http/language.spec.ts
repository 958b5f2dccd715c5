import { languageOf } from './language.js';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['zh-Hant', 'zh-Hant'],
    ['zh-TW', 'zh-Hant'],
    ['ZH-tw,zh;q=0.9,en-US;q=0.8,en;q=0.7', 'zh-Hant'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh', 'zh-Hant'],
    ['zh-CN', 'en'],
    ['zh-Hans-TW', 'en'],
    ['en-GB, zh-TW', 'en'],
    ['en;q=0.5, zh-TW', 'zh-Hant'],
    ['en;q=0.5, zh-TW;q=0.6', 'zh-Hant'],
    ['en, zh-TW;q=0.9', 'en'],
    ['zh-TW;q=0', 'en'],
    ['zh-TW;q=7', 'en'],
    ['fr, zh-TW;q=0.2', 'zh-Hant'],
    ['zha', 'en'],
    [',;;,=', 'en'],
  ])('that Accept-Language %j prefers is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
